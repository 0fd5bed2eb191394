package dev.cairnmemory;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Map;

/** Adds headers to each call, where an outer interceptor has not set them already. */
final class Headers implements ClientInterceptor {
  private final Map<String, String> headers;

  /** @throws IllegalArgumentException where a name or a value cannot be a header's. */
  Headers(Map<String, String> headers) {
    headers.forEach(
        (name, value) -> {
          key(name);
          if (!value.chars().allMatch(letter -> letter >= 0x20 && letter < 0x7f)) {
            throw new IllegalArgumentException("the header " + name + " has characters that no header may have");
          }
        });
    this.headers = Map.copyOf(headers);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata sent) {
        headers.forEach(
            (name, value) -> {
              if (!sent.containsKey(key(name))) sent.put(key(name), value);
            });
        super.start(listener, sent);
      }
    };
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
