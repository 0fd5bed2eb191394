package dev.cairnmemory.scenario;

import static dev.cairnmemory.scenario.Expect.equal;
import static dev.cairnmemory.scenario.Expect.holds;
import static dev.cairnmemory.scenario.Expect.refused;
import static dev.cairnmemory.scenario.Expect.says;
import static dev.cairnmemory.scenario.Samples.drink;
import static dev.cairnmemory.scenario.Samples.write;

import com.google.protobuf.FieldMask;
import dev.cairnmemory.v1.EmbeddingStatus;
import dev.cairnmemory.v1.Memory;
import dev.cairnmemory.v1.MemoryInput;
import dev.cairnmemory.v1.Outcome;
import dev.cairnmemory.v1.UpdateMemoryRequest;
import dev.cairnmemory.v1.UpdateMemoryResponse;
import dev.cairnmemory.v1.WriteMemoryResponse;
import dev.cairnmemory.v1.WriteMode;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Steps 1 to 8: writes, and what stops them. */
final class WritingSteps {
  private WritingSteps() {}

  static void writes(Play play) {
    WriteMemoryResponse answer = play.write(drink());
    equal("outcome", answer.getOutcome(), Outcome.OUTCOME_CREATED);
    Memory memory = answer.getMemory();
    equal("revision", memory.getRevision(), 1);
    equal("embedding_status", memory.getEmbeddingStatus(), EmbeddingStatus.EMBEDDING_STATUS_ATTACHED);
    equal("the id, read as a UUID", UUID.fromString(memory.getId()).toString(), memory.getId());
    play.drinkId = memory.getId();
  }

  static void readsBack(Play play) {
    Memory memory = play.get(play.drinkId);
    MemoryInput wanted = drink().build();
    equal("id", memory.getId(), play.drinkId);
    equal("subject_type", memory.getSubjectType(), wanted.getSubjectType());
    equal("subject_id", memory.getSubjectId(), wanted.getSubjectId());
    equal("kind", memory.getKind(), wanted.getKind());
    equal("key", memory.getKey(), wanted.getKey());
    equal("title", memory.getTitle(), wanted.getTitle());
    equal("content", memory.getContent(), wanted.getContent());
    equal("metadata", memory.getMetadata(), Samples.CUPS);
    equal("tags", memory.getTagsList(), wanted.getTagsList());
    equal("linked_entities", memory.getLinkedEntitiesList(), wanted.getLinkedEntitiesList());
    equal("confidence", memory.getConfidence(), 0.9);
    equal("visibility", memory.getVisibility(), wanted.getVisibility());
    Instant created = Instant.ofEpochSecond(memory.getCreateTime().getSeconds());
    Duration age = Duration.between(created, Instant.now()).abs();
    holds("create_time is close to now, not " + age + " away", age.compareTo(Duration.ofMinutes(5)) < 0);
  }

  static void writesAgain(Play play) {
    expectDrink(play, play.write(drink()), Outcome.OUTCOME_UNCHANGED, 1);
  }

  static void upserts(Play play) {
    WriteMemoryResponse answer = play.write(drink().setContent("Prefers black coffee").clearTags());
    expectDrink(play, answer, Outcome.OUTCOME_UPDATED, 2);
    equal("tags", answer.getMemory().getTagsCount(), 0);
  }

  private static void expectDrink(Play play, WriteMemoryResponse answer, Outcome outcome, int revision) {
    equal("outcome", answer.getOutcome(), outcome);
    equal("id", answer.getMemory().getId(), play.drinkId);
    equal("revision", answer.getMemory().getRevision(), revision);
  }

  static void neverTwice(Play play) {
    var request = write(drink()).setMode(WriteMode.WRITE_MODE_CREATE_ONLY).build();
    Runnable call = () -> play.client.writeMemory(request);
    says(refused("CREATE_ONLY", call, Code.ALREADY_EXISTS, "MEMORY_ALREADY_EXISTS"), "memory_id", play.drinkId);
  }

  static void onlyIfThere(Play play) {
    var request = write(drink().setKey("nothing")).setMode(WriteMode.WRITE_MODE_UPDATE_ONLY).build();
    refused("UPDATE_ONLY", () -> play.client.writeMemory(request), Code.NOT_FOUND, "MEMORY_NOT_FOUND");
  }

  static void comparesAndSets(Play play) {
    UpdateMemoryResponse answer = rename(play);
    equal("outcome", answer.getOutcome(), Outcome.OUTCOME_UPDATED);
    equal("revision", answer.getMemory().getRevision(), 3);
    equal("title", answer.getMemory().getTitle(), "Hot drink");
    equal("content", answer.getMemory().getContent(), "Prefers black coffee");
  }

  static void conflicts(Play play) {
    says(refused("UpdateMemory", () -> rename(play), Code.ABORTED, "REVISION_MISMATCH"), "revision", "3");
  }

  private static UpdateMemoryResponse rename(Play play) {
    return play.client.updateMemory(
        UpdateMemoryRequest.newBuilder()
            .setMemoryId(play.drinkId)
            .setMemory(MemoryInput.newBuilder().setTitle("Hot drink"))
            .setUpdateMask(FieldMask.newBuilder().addPaths("title"))
            .setExpectedRevision(2)
            .build());
  }
}
