package dev.cairnmemory.scenario;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.cairnmemory.v1.BatchWriteMemoriesRequest;
import dev.cairnmemory.v1.LinkedEntity;
import dev.cairnmemory.v1.MemoryFilter;
import dev.cairnmemory.v1.MemoryInput;
import dev.cairnmemory.v1.SearchRequest;
import dev.cairnmemory.v1.Visibility;
import dev.cairnmemory.v1.WriteMemoryRequest;
import java.util.UUID;

/** What the steps write and ask for. */
final class Samples {
  static final Struct CUPS = Struct.newBuilder().putFields("cups", Value.newBuilder().setNumberValue(2).build()).build();

  private Samples() {}

  /** The memory that most steps are about. */
  static MemoryInput.Builder drink() {
    return MemoryInput.newBuilder()
        .setSubjectType("person")
        .setSubjectId("ada")
        .setKind("preference")
        .setKey("drink")
        .setTitle("Drink")
        .setContent("Prefers green tea in the morning")
        .setMetadata(CUPS)
        .addTags("food")
        .addTags("morning")
        .addLinkedEntities(LinkedEntity.newBuilder().setType("project").setId("cairn"))
        .setConfidence(0.9)
        .setVisibility(Visibility.VISIBILITY_SHARED);
  }

  static MemoryInput.Builder ofKind(String kind, String content) {
    return MemoryInput.newBuilder().setKind(kind).setContent(content);
  }

  static WriteMemoryRequest.Builder write(MemoryInput.Builder memory) {
    return WriteMemoryRequest.newBuilder().setMemory(memory);
  }

  /** The hundred notes that searches look for. */
  static BatchWriteMemoriesRequest notes() {
    var batch = BatchWriteMemoriesRequest.newBuilder();
    for (int number = 1; number <= 100; number++) {
      var note = ofKind("note", String.format("Note %03d about the harbour", number));
      batch.addWrites(write(note.setKey(String.format("note-%03d", number))));
    }
    return batch.build();
  }

  /** A search that finds all of the notes. */
  static SearchRequest harbour() {
    var notes = MemoryFilter.newBuilder().addKinds("note");
    return SearchRequest.newBuilder().setQuery("harbour").setFilter(notes).setLimit(100).build();
  }

  /** An x-request-id that tells the test server how to behave, and that no other call has. */
  static String instruct(String verb, int amount) {
    return "scenario." + verb + "." + amount + "." + unique();
  }

  /** Anything that no other run says. */
  static String unique() {
    return UUID.randomUUID().toString();
  }
}
