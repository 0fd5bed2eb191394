package dev.cairnmemory;

import java.util.Iterator;

/**
 * What a streaming call answers. Closing it before its end cancels the call on the server, so it belongs in a
 * try-with-resources; {@code for} takes it as it is, once.
 */
public interface CloseableIterator<T> extends Iterator<T>, Iterable<T>, AutoCloseable {
  /** Cancels the call, unless it has ended; a second time it does nothing. */
  @Override
  void close();

  /** Itself: what has been read is gone. */
  @Override
  default Iterator<T> iterator() {
    return this;
  }
}
