package dev.cairnmemory;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;

/**
 * How the connection stands. A failed one is tried again only after a pause, of up to two minutes, in which grpc-java lets
 * every call fail without having tried: also while it is being tried, until it stands.
 */
class Connection {
  private final ManagedChannel channel;

  Connection(ManagedChannel channel) {
    this.channel = channel;
  }

  boolean isClosed() {
    return channel.isShutdown();
  }

  /**
   * Whether a call may fail without having been tried: the last attempt to connect failed, or one is under way. It may have
   * failed as well, since grpc-java lets calls fail by it before it says so.
   */
  boolean isDown() {
    ConnectivityState state = channel.getState(false);
    return state == ConnectivityState.TRANSIENT_FAILURE || state == ConnectivityState.CONNECTING;
  }

  /** Connects now where a failed connection awaits its pause. */
  void hurry() {
    channel.resetConnectBackoff();
  }
}
