/** What to do around the messages of a stream. */
export interface StreamObserver {
  /** Replaces an error that the stream throws. */
  readonly mapError?: (error: unknown) => unknown;
  /** Told once, at the end: how many messages went through, and what ended the stream early, if anything. */
  readonly onEnd?: (count: number, error: unknown) => void;
}

/** Passes a stream's messages through, and tells the observer how it ended; a consumer that stops early is an end, not an error. */
export async function* watchStream<T>(messages: AsyncIterable<T>, observer: StreamObserver): AsyncGenerator<T> {
  let count = 0;
  let failure: unknown;
  try {
    for await (const message of messages) {
      count++;
      yield message;
    }
  } catch (error) {
    failure = observer.mapError ? observer.mapError(error) : error;
    throw failure;
  } finally {
    observer.onEnd?.(count, failure);
  }
}
