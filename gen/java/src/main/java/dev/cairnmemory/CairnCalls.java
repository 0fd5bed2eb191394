package dev.cairnmemory;

import com.google.protobuf.Message;
import dev.cairnmemory.v1.SearchRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Calls with a timeout and headers of their own, over the connection of the {@link CairnClient} that they come from. */
public class CairnCalls extends CairnMethods {
  private final Channel channel;
  private final Repetition repetition;
  private final Duration unaryTimeout;
  private final Duration streamTimeout;

  CairnCalls(Channel channel, Repetition repetition, Duration unaryTimeout, Duration streamTimeout) {
    this.channel = channel;
    this.repetition = repetition;
    this.unaryTimeout = unaryTimeout;
    this.streamTimeout = streamTimeout;
  }

  /** The same calls, each given up after that time, its repetitions included; streams as well. */
  public final CairnCalls withTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return new CairnCalls(channel, repetition, timeout, timeout);
  }

  /**
   * The same calls with one more header, such as {@code x-request-id} or {@code cairn-agent}.
   *
   * @throws IllegalArgumentException where the name or the value cannot be a header's.
   */
  public final CairnCalls withHeader(String name, String value) {
    Channel with = ClientInterceptors.intercept(channel, new Headers(Map.of(name, value)));
    return new CairnCalls(with, repetition, unaryTimeout, streamTimeout);
  }

  /**
   * Streams the best memories for a query in rank order; the summary stands at the end. Close it: that stops the search
   * on the server.
   *
   * @throws CairnException where the search fails before its first result; later failures come from the iterator.
   */
  public final SearchResults search(SearchRequest request) {
    return new SearchResults(searchMessages(request));
  }

  /** For grpc-java's own stubs (asynchronous, futures, Kotlin's), with credentials, without default timeout and repetition. */
  public final Channel channel() {
    return channel;
  }

  @Override
  final <Q extends Message, A> A unary(MethodDescriptor<Q, A> method, Q request) {
    Deadline deadline = after(unaryTimeout);
    CallOptions options = CallOptions.DEFAULT.withDeadline(deadline);
    return repetition.run(
        method,
        request,
        deadline,
        prepared -> {
          try {
            return ClientCalls.blockingUnaryCall(channel, method, options, prepared);
          } catch (StatusRuntimeException error) {
            throw CairnException.from(error.getStatus(), error.getTrailers(), null);
          }
        });
  }

  @Override
  final <Q extends Message, A> CloseableIterator<A> streaming(MethodDescriptor<Q, A> method, Q request) {
    Deadline deadline = streamTimeout == null ? null : after(streamTimeout);
    CallOptions options = CallOptions.DEFAULT.withDeadline(deadline);
    return repetition.run(
        method,
        request,
        deadline,
        prepared -> {
          AtomicReference<Metadata> headers = new AtomicReference<>();
          Channel listening =
              ClientInterceptors.intercept(
                  channel, MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()));
          return new MessageStream<>(
              ClientCalls.blockingV2ServerStreamingCall(listening, method, options, prepared),
              () -> headers.get() == null ? null : headers.get().get(CairnException.CALL_ID));
        });
  }

  /** TimeUnit's conversion, unlike Duration's own, ends at the longest time that there is. */
  private static Deadline after(Duration timeout) {
    return Deadline.after(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }
}
