package dev.cairnmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairnmemory.FakeServer.Fate;
import dev.cairnmemory.v1.GetMemoryRequest;
import dev.cairnmemory.v1.PurgeMemoryRequest;
import dev.cairnmemory.v1.SearchRequest;
import dev.cairnmemory.v1.WriteMemoryRequest;
import io.grpc.Context;
import io.grpc.Status.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the client does where connections are lost, servers go and come, and proxies answer in their place. */
class MisfortuneTest {
  private static final GetMemoryRequest GET = GetMemoryRequest.getDefaultInstance();
  private static final PurgeMemoryRequest PURGE = PurgeMemoryRequest.getDefaultInstance();
  private static final SearchRequest SEARCH = SearchRequest.getDefaultInstance();
  private static final List<Fate> PASSING =
      List.of(
          Fate.RESET,
          Fate.END,
          Fate.SEEN_AND_ENDED,
          Fate.UNSEEN_AND_ENDED,
          Fate.OTHER_PROTOCOL,
          Fate.STREAM_ENDED,
          Fate.STREAM_BROKEN,
          Fate.STREAM_CANCELLED,
          Fate.PAGE);

  @Test
  void repeatsWhatWasLostWhereThatIsSafeAndNothingElse() throws IOException {
    for (Fate fate : PASSING) {
      after(fate, client -> client.getMemory(GET), Code.UNIMPLEMENTED, 2);
      after(fate, client -> client.writeMemory(WriteMemoryRequest.getDefaultInstance()), Code.UNIMPLEMENTED, 2);
      after(fate, client -> client.search(SEARCH), Code.UNIMPLEMENTED, 2);
      after(fate, client -> client.purgeMemory(PURGE), Code.UNAVAILABLE, 1);
    }
  }

  private static void after(Fate fate, Consumer<CairnClient> call, Code code, int calls) throws IOException {
    try (FakeServer server = new FakeServer(fate, Fate.ANSWER);
        CairnClient client = clientOf(server)) {
      assertEquals(code, codeOf(() -> call.accept(client)), fate.toString());
      assertEquals(calls, server.calls(), fate.toString());
    }
  }

  @Test
  void doesNotTakeACutConnectionForTheEndOfASearch() throws IOException {
    try (FakeServer server = new FakeServer(Fate.RESULT);
        CairnClient client = clientOf(server);
        SearchResults results = client.search(SEARCH)) {
      results.next();
      server.reset();
      assertEquals(Code.UNAVAILABLE, codeOf(results::hasNext));
      assertFalse(results.hasNext() || results.summary().isPresent());
      assertEquals(1, server.calls());
    }
  }

  @Test
  void takesAConnectionForLostThatIsClosedAsTheCallBegins() throws IOException {
    // grpc-java sees such a connection in several ways, by chance; each comes about once in five times.
    for (int times = 0; times < 60; times++) {
      try (FakeServer server = new FakeServer(Fate.ANSWER);
          CairnClient client = clientOf(server)) {
        assertEquals(Code.UNIMPLEMENTED, codeOf(() -> client.purgeMemory(PURGE)));
        server.leave();
        assertEquals(Code.UNAVAILABLE, codeOf(() -> client.purgeMemory(PURGE)));
      }
    }
  }

  @Test
  void leavesWhatAServerSaysItselfAsItIs() throws IOException {
    after(Fate.QUOTING_ANSWER, client -> client.getMemory(GET), Code.INTERNAL, 1);
  }

  @Test
  void sendsTheNextCallToAServerThatCameBack() throws IOException {
    // One time in four grpc-java has not yet said that the connection failed.
    comesBack(15, client -> client.purgeMemory(PURGE));
  }

  @Test
  void spendsNoRepetitionWhileTheConnectionReturns() throws IOException {
    comesBack(3, client -> client.getMemory(GET));
  }

  private static void comesBack(int often, Consumer<CairnClient> call) throws IOException {
    try (FakeServer server = new FakeServer(Fate.ANSWER);
        CairnClient client = CairnClient.builder().url(server.url()).maxAttempts(2).build()) {
      for (int times = 1; times <= often; times++) {
        assertEquals(Code.UNIMPLEMENTED, codeOf(() -> call.accept(client)));
        assertEquals(times, server.calls());
        server.leave();
        // The second attempt, if not the first, finds that nobody takes the connection.
        assertEquals(Code.UNAVAILABLE, codeOf(() -> client.getMemory(GET)));
        server.comeBack();
      }
    }
  }

  @Test
  void endsTheWaitBetweenAttemptsWithTheCallersContext() throws IOException {
    var clock = Executors.newSingleThreadScheduledExecutor();
    try (FakeServer server = new FakeServer(Fate.PAGE);
        CairnClient client = CairnClient.builder().url(server.url()).maxAttempts(20).build();
        var cancelled = Context.current().withCancellation()) {
      clock.schedule(() -> cancelled.cancel(null), 300, TimeUnit.MILLISECONDS);
      long began = System.nanoTime();
      cancelled.run(() -> assertEquals(Code.CANCELLED, codeOf(() -> client.getMemory(GET))));
      var late = Context.current().withDeadlineAfter(300, TimeUnit.MILLISECONDS, clock);
      late.run(() -> assertEquals(Code.DEADLINE_EXCEEDED, codeOf(() -> client.getMemory(GET))));
      // That many attempts take fifteen seconds and more.
      assertTrue(System.nanoTime() - began < 1e10);
    } finally {
      clock.shutdownNow();
    }
  }

  @Test
  void saysThatItIsClosed() throws IOException {
    try (FakeServer server = new FakeServer(Fate.ANSWER)) {
      CairnClient client = clientOf(server);
      client.close();
      var error = assertThrows(CairnException.class, () -> client.getMemory(GET));
      assertTrue(error.getMessage().contains("the client is closed"), error.getMessage());
      client.close();
    }
  }

  @Test
  void failsWithAnErrorOfItsOwnWhateverTheDetailsHold() throws IOException {
    try (FakeServer server = new FakeServer(Fate.GARBLED_ANSWER);
        CairnClient client = clientOf(server)) {
      var error = assertThrows(CairnException.class, () -> client.getMemory(GET));
      assertEquals(Code.UNIMPLEMENTED, error.getCode());
      assertTrue(error.getReason().isEmpty());
    }
  }

  @Test
  void takesAnyTimeout() throws IOException {
    try (FakeServer server = new FakeServer(Fate.ANSWER);
        CairnClient client = clientOf(server)) {
      for (long seconds : new long[] {60, Long.MAX_VALUE}) {
        var patient = client.withTimeout(Duration.ofSeconds(seconds));
        assertEquals(Code.UNIMPLEMENTED, codeOf(() -> patient.getMemory(GET)));
        assertEquals(Code.UNIMPLEMENTED, codeOf(() -> patient.search(SEARCH)));
      }
      for (long seconds : new long[] {0, -1, Long.MIN_VALUE}) {
        var late = client.withTimeout(Duration.ofSeconds(seconds));
        assertEquals(Code.DEADLINE_EXCEEDED, codeOf(() -> late.getMemory(GET)));
      }
    }
  }

  private static CairnClient clientOf(FakeServer server) {
    return CairnClient.builder().url(server.url()).build();
  }

  private static Code codeOf(Runnable call) {
    return assertThrows(CairnException.class, call::run).getCode();
  }
}
