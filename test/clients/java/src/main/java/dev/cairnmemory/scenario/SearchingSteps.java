package dev.cairnmemory.scenario;

import static dev.cairnmemory.scenario.Expect.equal;
import static dev.cairnmemory.scenario.Expect.fails;
import static dev.cairnmemory.scenario.Expect.holds;
import static dev.cairnmemory.scenario.Expect.refused;
import static dev.cairnmemory.scenario.Expect.soonAfter;
import static dev.cairnmemory.scenario.Samples.harbour;
import static dev.cairnmemory.scenario.Samples.instruct;
import static dev.cairnmemory.scenario.Samples.notes;
import static dev.cairnmemory.scenario.Samples.ofKind;
import static dev.cairnmemory.scenario.Samples.write;

import dev.cairnmemory.SearchResults;
import dev.cairnmemory.v1.BatchWriteMemoriesRequest;
import dev.cairnmemory.v1.BatchWriteResult;
import dev.cairnmemory.v1.Outcome;
import dev.cairnmemory.v1.SearchResult;
import io.grpc.Context;
import io.grpc.Status.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Steps 19 to 23: batches, streams, and how calls end early. */
final class SearchingSteps {
  private SearchingSteps() {}

  static void batch(Play play) {
    var results = play.client.batchWriteMemories(three("batch", false)).getResultsList();
    var outcomes = List.of(Outcome.OUTCOME_CREATED, Outcome.OUTCOME_UNSPECIFIED, Outcome.OUTCOME_CREATED);
    equal("outcomes", results.stream().map(BatchWriteResult::getOutcome).toList(), outcomes);
    equal("the error's code", results.get(1).getError().getCode(), Code.INVALID_ARGUMENT.value());
    equal("the error's field", results.get(1).getError().getField(), "memory.content");
    Runnable call = () -> play.client.batchWriteMemories(three("atomic", true));
    refused("atomic", call, Code.INVALID_ARGUMENT, "INVALID_FIELD");
    equal("atomic ones listed", play.list("atomic").size(), 0);
  }

  private static BatchWriteMemoriesRequest three(String kind, boolean atomic) {
    var batch = BatchWriteMemoriesRequest.newBuilder().setAtomic(atomic);
    for (String content : List.of("One", " ", "Three")) batch.addWrites(write(ofKind(kind, content)));
    return batch.build();
  }

  static void search(Play play) {
    play.client.batchWriteMemories(notes());
    try (SearchResults results = play.client.search(harbour())) {
      List<Integer> ranks = new ArrayList<>();
      double last = Double.POSITIVE_INFINITY;
      for (SearchResult result : results) {
        holds("the score does not rise at rank " + result.getRank(), result.getScore() <= last);
        last = result.getScore();
        ranks.add(result.getRank());
      }
      equal("ranks", ranks, IntStream.rangeClosed(1, 100).boxed().toList());
      equal("the summary's count", results.summary().orElseThrow().getCount(), 100);
    }
  }

  static void stopsEarly(Play play) throws Exception {
    String id = instruct("pace", 100);
    try (SearchResults results = play.named(id).search(harbour())) {
      for (SearchResult result : results) {
        if (result.getRank() == 5) break;
      }
    }
    var call = play.control.calls(id, 1).get(0);
    holds("ended early: " + call, !call.code().equals("ok") && call.messages() <= 20);
  }

  static void cancels(Play play) throws Exception {
    String search = instruct("pace", 100);
    cancelled(
        play,
        search,
        cancel -> {
          SearchResults results = play.named(search).search(harbour());
          equal("the first rank", results.next().getRank(), 1);
          cancel.run();
          while (results.hasNext()) results.next();
        });
    String get = instruct("delay", 5000);
    cancelled(
        play,
        get,
        cancel -> {
          CompletableFuture.runAsync(() -> cancelOnceBegun(play, get, cancel));
          play.named(get).getMemory(play.drink());
        });
  }

  private static void cancelOnceBegun(Play play, String id, Runnable cancel) {
    try {
      // Where it does not come, the call ends by itself and the step fails by that.
      if (play.control.begun(id)) cancel.run();
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  private interface Cancellable {
    void call(Runnable cancel);
  }

  /** Plays a call in a context of its own, which is cancelled meanwhile: grpc-java's own way. */
  private static void cancelled(Play play, String id, Cancellable work) throws Exception {
    AtomicLong began = new AtomicLong();
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Runnable cancel =
          () -> {
            began.set(System.nanoTime());
            context.cancel(null);
          };
      fails(id, () -> context.run(() -> work.call(cancel)), Code.CANCELLED);
    }
    soonAfter("its end", began.get());
    var call = play.control.calls(id, 1).get(0);
    holds("cancelled: " + call, call.code().equals("canceled") && call.messages() <= 20);
  }

  static void deadline(Play play) {
    var calls = play.named(instruct("delay", 5000)).withTimeout(Duration.ofMillis(200));
    long began = System.nanoTime();
    fails("GetMemory", () -> calls.getMemory(play.drink()), Code.DEADLINE_EXCEEDED);
    soonAfter("the deadline", began);
  }
}
