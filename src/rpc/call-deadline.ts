import { Code, ConnectError } from "@connectrpc/connect";

const NEVER = new AbortController().signal;

/** The caller's signal, joined with a timer where there is a timeout. AbortSignal.any leaks in Node, so the join is by hand. */
export class CallDeadline {
  readonly signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  #unlink: (() => void) | undefined;

  constructor(outer: AbortSignal | undefined, timeoutMs: number | undefined) {
    if (timeoutMs === undefined) {
      this.signal = outer ?? NEVER;
      return;
    }
    const controller = new AbortController();
    this.signal = controller.signal;
    const abort = () => controller.abort(outer?.reason);
    this.#timer = setTimeout(
      () => controller.abort(new ConnectError("the deadline passed", Code.DeadlineExceeded)),
      timeoutMs,
    );
    if (outer?.aborted) {
      abort();
    } else {
      outer?.addEventListener("abort", abort, { once: true });
      this.#unlink = () => outer?.removeEventListener("abort", abort);
    }
  }

  /** Lets timer and listener go; the signal stays as it is. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#unlink?.();
  }
}
