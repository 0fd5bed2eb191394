package dev.cairnmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairnmemory.v1.MemoryServiceGrpc;
import dev.cairnmemory.v1.PurgeMemoryRequest;
import dev.cairnmemory.v1.WriteMemoryRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RepetitionTest {
  /** It never connects: nothing is sent. */
  private static final ManagedChannel UNUSED =
      Grpc.newChannelBuilder("localhost:1", InsecureChannelCredentials.create()).build();

  @AfterAll
  static void close() {
    UNUSED.shutdownNow();
  }

  @Test
  void knowsFromTheContractWhatIsSafeToRepeat() {
    assertTrue(Repetition.isIdempotent(MemoryServiceGrpc.getGetMemoryMethod()));
    assertFalse(Repetition.isIdempotent(MemoryServiceGrpc.getWriteMemoryMethod()));
    assertNotNull(Repetition.requestIdOf(WriteMemoryRequest.getDefaultInstance()));
    assertNull(Repetition.requestIdOf(PurgeMemoryRequest.getDefaultInstance()));
  }

  @Test
  void makesARequestIdOnlyWhereNoneIsGivenAndRepeatingNeedsIt() {
    var method = MemoryServiceGrpc.getWriteMemoryMethod();
    var none = WriteMemoryRequest.getDefaultInstance();
    var mine = WriteMemoryRequest.newBuilder().setRequestId("mine").build();
    assertEquals("mine", repetition(4).run(method, mine, null, WriteMemoryRequest::getRequestId));
    assertEquals(36, repetition(4).run(method, none, null, WriteMemoryRequest::getRequestId).length());
    assertEquals("", repetition(0).run(method, none, null, WriteMemoryRequest::getRequestId));
  }

  private static Repetition repetition(int maxAttempts) {
    return new Repetition(maxAttempts, new Connection(UNUSED));
  }

  @Test
  void waitsTwiceAsLongEachTimeUpToTwoSeconds() {
    int[][] expected = {{1, 100}, {2, 200}, {3, 400}, {6, 2000}, {40, 2000}};
    for (int[] pair : expected) {
      long waited = Repetition.backoffMs(pair[0]);
      assertTrue(waited >= pair[1] / 2 && waited <= pair[1], pair[0] + ": " + waited + " ms");
    }
  }
}
