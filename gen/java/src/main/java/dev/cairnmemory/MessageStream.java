package dev.cairnmemory;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** The messages of one streaming call, fetched one at a time. For one thread; close() alone may come from another. */
final class MessageStream<A> implements CloseableIterator<A> {
  private final BlockingClientCall<?, A> call;
  private final Supplier<String> callId;
  private A next;
  private boolean ended;
  private volatile boolean closed;

  /** Waits for the first message, so that what fails at once can be repeated. */
  MessageStream(BlockingClientCall<?, A> call, Supplier<String> callId) {
    this.call = call;
    this.callId = callId;
    advance();
  }

  @Override
  public boolean hasNext() {
    if (closed) return false;
    if (next == null && !ended) advance();
    return next != null;
  }

  @Override
  public A next() {
    if (!hasNext()) throw new NoSuchElementException("the stream has ended");
    A message = next;
    next = null;
    return message;
  }

  @Override
  public void close() {
    closed = true;
    // grpc ignores it where the call has ended.
    call.cancel("the stream was closed", null);
  }

  private void advance() {
    try {
      next = call.read();
      if (next == null) ended = true;
    } catch (StatusException error) {
      ended = true;
      throw CairnException.from(error.getStatus(), error.getTrailers(), callId.get());
    } catch (InterruptedException error) {
      close();
      throw CairnException.interrupted(error);
    }
  }
}
