package dev.cairnmemory;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Repeats calls that are safe to repeat where the server is unavailable, within their deadline. */
final class Repetition {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 2000;
  /** Between two looks at a connection that is down; each so many looks it is tried anew. */
  private static final long LOOK_MS = 10;

  private static final int LOOKS_PER_TRY = 5;
  private static final int LOOKS_BEFORE_REPETITION = 25;
  private static final int LOOKS_BEFORE_ONLY_ATTEMPT = 100;

  private final int maxAttempts;
  private final Connection connection;

  Repetition(int maxAttempts, Connection connection) {
    this.maxAttempts = maxAttempts;
    this.connection = connection;
  }

  /**
   * Sends until an answer comes, or what fails would fail again, or attempts or time are used up.
   *
   * @param deadline null: none.
   * @param send throws CairnException where the call fails.
   */
  <Q extends Message, R> R run(MethodDescriptor<Q, ?> method, Q request, Deadline deadline, Function<Q, R> send) {
    Descriptors.FieldDescriptor requestId = requestIdOf(request);
    boolean byNature = isIdempotent(method);
    int attempts = byNature || requestId != null ? Math.max(1, maxAttempts) : 1;
    Q repeatable = attempts > 1 && !byNature ? withRequestId(request, requestId) : request;
    if (connection.isClosed()) throw CairnException.closed();
    if (attempts == 1) awaitReturn(LOOKS_BEFORE_ONLY_ATTEMPT, deadline);
    for (int attempt = 1; ; attempt++) {
      try {
        return send.apply(repeatable);
      } catch (CairnException failure) {
        // Whoever mends the certificate shall not wait for grpc-java's own pause as well.
        if (failure.isOfCertificate()) connection.hurry();
        long pauseMs = backoffMs(attempt);
        boolean tooLate = deadline != null && deadline.timeRemaining(TimeUnit.MILLISECONDS) <= pauseMs;
        if (attempt >= attempts || tooLate || !failure.isTransient() || connection.isClosed()) throw failure;
        pause(pauseMs);
        awaitReturn(LOOKS_BEFORE_REPETITION, deadline);
      }
    }
  }

  /**
   * Gives a server that was away time to take the connection: the call would fail without having been tried. It counts looks
   * and not the clock, so that a machine that stands still does not use them up.
   */
  private void awaitReturn(int looks, Deadline deadline) {
    for (int look = 0; look < looks && connection.isDown(); look++) {
      if (Context.current().isCancelled() || (deadline != null && deadline.isExpired())) return;
      if (look % LOOKS_PER_TRY == 0) connection.hurry();
      pause(LOOK_MS);
    }
  }

  /** Twice as long after each attempt, the half of it by chance, so that callers do not come back as one. */
  static long backoffMs(int attempts) {
    long full = Math.min(LONGEST_MS, FIRST_MS << Math.min(attempts - 1, 10));
    return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
  }

  /** Ends early where the caller's Context is cancelled or its deadline passes: the next attempt fails by that at once. */
  private static void pause(long ms) {
    Context context = Context.current();
    CountDownLatch ended = new CountDownLatch(1);
    Context.CancellationListener listener = cancelled -> ended.countDown();
    context.addListener(listener, Runnable::run);
    try {
      ended.await(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException error) {
      throw CairnException.interrupted(error);
    } finally {
      context.removeListener(listener);
    }
  }

  /** Whether the contract says that the call changes nothing, or the same a second time. */
  static boolean isIdempotent(MethodDescriptor<?, ?> method) {
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier proto
        && proto.getMethodDescriptor().getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  }

  /** The field by which the server knows a repeated write again; null: the request has none. */
  static Descriptors.FieldDescriptor requestIdOf(Message request) {
    return request.getDescriptorForType().findFieldByName("request_id");
  }

  @SuppressWarnings("unchecked") // A message's builder builds its own type.
  private static <Q extends Message> Q withRequestId(Q request, Descriptors.FieldDescriptor field) {
    if (!"".equals(request.getField(field))) return request;
    return (Q) request.toBuilder().setField(field, UUID.randomUUID().toString()).build();
  }
}
