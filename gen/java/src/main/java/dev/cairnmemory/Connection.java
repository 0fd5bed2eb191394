package dev.cairnmemory;

import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How the connection stands. A failed one is tried again only after a pause, of up to two minutes, in which grpc-java lets
 * every call fail without having tried.
 */
class Connection {
  private static final long RETURN_MS = 1000;

  private final ManagedChannel channel;

  Connection(ManagedChannel channel) {
    this.channel = channel;
  }

  boolean isClosed() {
    return channel.isShutdown();
  }

  /** Connects now where a failed connection awaits its pause. */
  void hurry() {
    channel.resetConnectBackoff();
  }

  /** For a call that has one attempt only: gives a server that was away a second to take the connection. */
  void awaitReturn(Deadline deadline) {
    if (channel.getState(false) != ConnectivityState.TRANSIENT_FAILURE) return;
    long left = deadline == null ? RETURN_MS : Math.min(RETURN_MS, deadline.timeRemaining(TimeUnit.MILLISECONDS));
    CountDownLatch changed = new CountDownLatch(1);
    channel.notifyWhenStateChanged(ConnectivityState.TRANSIENT_FAILURE, changed::countDown);
    channel.resetConnectBackoff();
    try {
      changed.await(left, TimeUnit.MILLISECONDS);
    } catch (InterruptedException error) {
      throw CairnException.interrupted(error);
    }
  }
}
