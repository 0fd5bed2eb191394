package dev.cairnmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.cairnmemory.v1.MemoryServiceGrpc;
import dev.cairnmemory.v1.Outcome;
import dev.cairnmemory.v1.WriteMemoryRequest;
import dev.cairnmemory.v1.WriteMemoryResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the client does with a write that the server still carries out, and with others that it aborts. */
class InFlightTest {
  private static final WriteMemoryRequest WRITE = WriteMemoryRequest.getDefaultInstance();

  @Test
  void repeatsAWriteWhoseFirstCallStillRuns() throws IOException {
    List<String> ids =
        against(
            new Busy("REQUEST_IN_FLIGHT", "cairn.v1", 2),
            client -> assertEquals(Outcome.OUTCOME_CREATED, client.writeMemory(WRITE).getOutcome()));
    assertEquals(List.of(ids.get(0), ids.get(0), ids.get(0)), ids);
    assertEquals(36, ids.get(0).length());
  }

  @Test
  void givesUpWhenItsAttemptsAreUsedUp() throws IOException {
    assertEquals(4, against(new Busy("REQUEST_IN_FLIGHT", "cairn.v1", 9), InFlightTest::isAborted).size());
  }

  @Test
  void asksOnceWhereAWriteIsAbortedForAnotherReasonOrByAnother() throws IOException {
    assertEquals(1, against(new Busy("REVISION_MISMATCH", "cairn.v1", 9), InFlightTest::isAborted).size());
    assertEquals(1, against(new Busy("REQUEST_IN_FLIGHT", "proxy.example", 9), InFlightTest::isAborted).size());
  }

  private static void isAborted(CairnClient client) {
    var error = assertThrows(CairnException.class, () -> client.writeMemory(WRITE));
    assertEquals(Code.ABORTED, error.getCode());
  }

  /** The request_ids that the server saw. */
  private static List<String> against(Busy busy, Consumer<CairnClient> calls) throws IOException {
    Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).addService(busy).build().start();
    try (CairnClient client = CairnClient.builder().url("http://127.0.0.1:" + server.getPort()).build()) {
      calls.accept(client);
    } finally {
      server.shutdownNow();
    }
    return busy.requestIds;
  }

  /** Fails its first writes as ABORTED. */
  private static final class Busy extends MemoryServiceGrpc.MemoryServiceImplBase {
    final List<String> requestIds = new CopyOnWriteArrayList<>();
    private final com.google.rpc.Status failure;
    private final int times;

    Busy(String reason, String domain, int times) {
      var info = ErrorInfo.newBuilder().setReason(reason).setDomain(domain).build();
      failure = com.google.rpc.Status.newBuilder().setCode(Code.ABORTED.value()).addDetails(Any.pack(info)).build();
      this.times = times;
    }

    @Override
    public void writeMemory(WriteMemoryRequest request, StreamObserver<WriteMemoryResponse> answer) {
      requestIds.add(request.getRequestId());
      if (requestIds.size() <= times) {
        answer.onError(StatusProto.toStatusRuntimeException(failure));
        return;
      }
      answer.onNext(WriteMemoryResponse.newBuilder().setOutcome(Outcome.OUTCOME_CREATED).build());
      answer.onCompleted();
    }
  }
}
