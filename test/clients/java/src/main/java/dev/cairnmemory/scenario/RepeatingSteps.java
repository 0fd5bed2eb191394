package dev.cairnmemory.scenario;

import static dev.cairnmemory.scenario.Expect.equal;
import static dev.cairnmemory.scenario.Expect.holds;
import static dev.cairnmemory.scenario.Expect.refused;
import static dev.cairnmemory.scenario.Expect.soonAfter;
import static dev.cairnmemory.scenario.Samples.instruct;
import static dev.cairnmemory.scenario.Samples.ofKind;
import static dev.cairnmemory.scenario.Samples.unique;
import static dev.cairnmemory.scenario.Samples.write;

import dev.cairnmemory.CairnException;
import dev.cairnmemory.v1.CreateAgentRequest;
import dev.cairnmemory.v1.Outcome;
import dev.cairnmemory.v1.WriteMemoryRequest;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Steps 14 to 18, and 31: what may be repeated, and what may not. */
final class RepeatingSteps {
  private RepeatingSteps() {}

  static void idempotent(Play play) {
    play.receipt = write(ofKind("receipt", "Paid 12.50")).setRequestId(unique()).build();
    var first = play.client.writeMemory(play.receipt);
    var second = play.client.writeMemory(play.receipt);
    equal("outcome", first.getOutcome(), Outcome.OUTCOME_CREATED);
    equal("the second outcome", second.getOutcome(), Outcome.OUTCOME_CREATED);
    equal("the second id", second.getMemory().getId(), first.getMemory().getId());
    equal("receipts listed", play.list("receipt").size(), 1);
  }

  static void requestIdReused(Play play) {
    WriteMemoryRequest.Builder other = play.receipt.toBuilder();
    other.getMemoryBuilder().setContent("Paid 99.90");
    Runnable call = () -> play.client.writeMemory(other.build());
    refused("WriteMemory", call, Code.INVALID_ARGUMENT, "REQUEST_ID_REUSED");
  }

  static void lostAnswer(Play play) throws Exception {
    String id = instruct("lose", 1);
    var answer = play.named(id).writeMemory(write(ofKind("lost", "Said once")).build());
    equal("outcome", answer.getOutcome(), Outcome.OUTCOME_CREATED);
    equal("calls seen", play.control.calls(id, 2).size(), 2);
    equal("lost ones listed", play.list("lost").size(), 1);
  }

  static void neverRepeated(Play play) throws Exception {
    String id = instruct("refuse", 1);
    var request = CreateAgentRequest.newBuilder().setHandle("agent." + unique()).build();
    Runnable call = () -> play.named(id).createAgent(request);
    refused("CreateAgent", call, Code.UNAVAILABLE, "STORAGE_UNAVAILABLE");
    equal("calls seen", play.control.calls(id, 1).size(), 1);
  }

  static void readsAgain(Play play) throws Exception {
    String id = instruct("refuse", 2);
    equal("id", play.named(id).getMemory(play.drink()).getMemory().getId(), play.drinkId);
    equal("calls seen", play.control.calls(id, 3).size(), 3);
    var hopeless = play.named(instruct("refuse", 1000)).withTimeout(Duration.ofSeconds(1));
    long began = System.nanoTime();
    try {
      hopeless.getMemory(play.drink());
      throw new AssertionError("expected UNAVAILABLE, came an answer");
    } catch (CairnException error) {
      var fitting = List.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);
      holds("one of " + fitting + ": " + error.getMessage(), fitting.contains(error.getCode()));
    }
    soonAfter("the end of what is hopeless", began);
  }

  /** Step 31. */
  static void atOnce(Play play) throws Exception {
    String id = instruct("hold", 2);
    var request = write(ofKind("twice", "Said twice at once")).setRequestId(unique()).build();
    var other = CompletableFuture.supplyAsync(() -> play.named(id).writeMemory(request));
    var first = play.named(id).writeMemory(request);
    var second = other.get();
    equal("outcome", first.getOutcome(), Outcome.OUTCOME_CREATED);
    equal("the second outcome", second.getOutcome(), Outcome.OUTCOME_CREATED);
    equal("the second id", second.getMemory().getId(), first.getMemory().getId());
    var codes = play.control.calls(id, 4).stream().map(Control.Seen::code).sorted().toList();
    equal("the calls that were done", codes.subList(codes.size() - 2, codes.size()), List.of("ok", "ok"));
    var refused = codes.subList(0, codes.size() - 2);
    holds("two and more refused: " + codes, refused.size() >= 2 && Set.of("aborted").containsAll(refused));
    equal("listed", play.list("twice").size(), 1);
  }
}
