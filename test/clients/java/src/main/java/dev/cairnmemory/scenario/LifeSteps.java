package dev.cairnmemory.scenario;

import static dev.cairnmemory.scenario.Expect.equal;
import static dev.cairnmemory.scenario.Expect.holds;
import static dev.cairnmemory.scenario.Expect.refused;
import static dev.cairnmemory.scenario.Samples.drink;
import static dev.cairnmemory.scenario.Samples.ofKind;

import com.google.protobuf.Timestamp;
import dev.cairnmemory.CairnException;
import dev.cairnmemory.v1.Change;
import dev.cairnmemory.v1.DeleteMemoryRequest;
import dev.cairnmemory.v1.ListRevisionsRequest;
import dev.cairnmemory.v1.Memory;
import dev.cairnmemory.v1.MemoryInput;
import dev.cairnmemory.v1.Outcome;
import dev.cairnmemory.v1.PurgeMemoryRequest;
import dev.cairnmemory.v1.RestoreMemoryRequest;
import dev.cairnmemory.v1.Revision;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Steps 9 to 13, and 30: how a memory goes and comes back. */
final class LifeSteps {
  private LifeSteps() {}

  static void deletes(Play play) {
    holds("delete_time is set", delete(play).hasDeleteTime());
    refused("GetMemory", () -> play.get(play.drinkId), Code.NOT_FOUND, "MEMORY_NOT_FOUND");
    equal("with show_deleted", play.getDeleted(play.drinkId).getId(), play.drinkId);
  }

  static void restores(Play play) {
    var request = RestoreMemoryRequest.newBuilder().setMemoryId(play.drinkId).build();
    holds("no delete_time", !play.client.restoreMemory(request).getMemory().hasDeleteTime());
    equal("id", play.get(play.drinkId).getId(), play.drinkId);
  }

  static void revives(Play play) {
    delete(play);
    var answer = play.write(drink());
    equal("outcome", answer.getOutcome(), Outcome.OUTCOME_REVIVED);
    equal("id", answer.getMemory().getId(), play.drinkId);
    holds("no delete_time", !answer.getMemory().hasDeleteTime());
  }

  private static Memory delete(Play play) {
    return play.client.deleteMemory(DeleteMemoryRequest.newBuilder().setMemoryId(play.drinkId).build()).getMemory();
  }

  static void expires(Play play) throws InterruptedException {
    MemoryInput visit = ofKind("visit", "Came to see the lighthouse").setKey("today").build();
    Instant end = Instant.now().plusMillis(1500);
    String id = foundBefore(end, play, visit);
    for (int life = 3000; id == null; life *= 2) {
      visit = visit.toBuilder().setKey("today-" + life).build();
      end = Instant.now().plusMillis(life);
      id = foundBefore(end, play, visit);
    }
    String visited = id;
    Thread.sleep(Math.max(0, Duration.between(Instant.now(), end.plusMillis(300)).toMillis()));
    refused("after the end", () -> play.get(visited), Code.NOT_FOUND, "MEMORY_NOT_FOUND");
    equal("visits listed", play.list("visit").size(), 0);
    equal("outcome of the next", play.write(visit.toBuilder()).getOutcome(), Outcome.OUTCOME_REVIVED);
  }

  /** Id of what was written; null where a machine that stood still until the end left nothing to be found. */
  private static String foundBefore(Instant end, Play play, MemoryInput visit) {
    try {
      var answer = play.write(visit.toBuilder().setExpireTime(timestamp(end)));
      equal("outcome", answer.getOutcome(), Outcome.OUTCOME_CREATED);
      String id = answer.getMemory().getId();
      equal("before the end", play.get(id).getId(), id);
      return id;
    } catch (CairnException error) {
      if (Instant.now().isBefore(end)) throw error;
      return null;
    }
  }

  static void expiredBeforeItBegan(Play play) {
    var late = ofKind("visit", "Too late").setExpireTime(timestamp(Instant.now().minusSeconds(3600)));
    refused("WriteMemory", () -> play.write(late), Code.INVALID_ARGUMENT, "EXPIRE_TIME_PAST");
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).setNanos(instant.getNano()).build();
  }

  static void historyAndPurge(Play play) {
    var history = ListRevisionsRequest.newBuilder().setMemoryId(play.drinkId).build();
    List<Integer> numbers = revisions(play, history).stream().map(Revision::getRevision).toList();
    holds("more revisions than " + numbers, numbers.size() > 3);
    int last = numbers.get(0);
    equal("revisions", numbers, IntStream.range(0, last).mapToObj(index -> last - index).toList());
    var purge = PurgeMemoryRequest.newBuilder().setMemoryId(play.drinkId).build();
    equal("the purged id", play.client.purgeMemory(purge).getMemoryId(), play.drinkId);
    refused("GetMemory", () -> play.getDeleted(play.drinkId), Code.NOT_FOUND, "MEMORY_NOT_FOUND");
    List<Revision> left = revisions(play, history);
    equal("what is left", left.stream().map(Revision::getChange).toList(), List.of(Change.CHANGE_PURGED));
    holds("it has no memory", !left.get(0).hasMemory());
  }

  private static List<Revision> revisions(Play play, ListRevisionsRequest request) {
    return play.client.listRevisions(request).getRevisionsList();
  }
}
