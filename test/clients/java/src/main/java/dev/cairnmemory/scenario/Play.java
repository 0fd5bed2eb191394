package dev.cairnmemory.scenario;

import dev.cairnmemory.CairnCalls;
import dev.cairnmemory.CairnClient;
import dev.cairnmemory.v1.GetMemoryRequest;
import dev.cairnmemory.v1.ListMemoriesRequest;
import dev.cairnmemory.v1.Memory;
import dev.cairnmemory.v1.MemoryFilter;
import dev.cairnmemory.v1.MemoryInput;
import dev.cairnmemory.v1.WriteMemoryRequest;
import dev.cairnmemory.v1.WriteMemoryResponse;
import java.nio.file.Path;
import java.util.List;

/** One time through the steps: the run's client, and what earlier steps left for later ones. */
final class Play implements AutoCloseable {
  final CairnClient client;
  final Control control;
  final Plan.Run run;
  private final String ca;
  /** Id of the drink, from step 1 on. */
  String drinkId;
  /** The write with the caller's own request_id, from step 14 on. */
  WriteMemoryRequest receipt;

  Play(Plan plan, Plan.Run run) {
    if (!run.wire().equals("grpc")) throw new IllegalArgumentException("the Java client has no wire " + run.wire());
    this.run = run;
    this.ca = plan.ca();
    this.control = new Control(plan.control());
    this.client = withKey(run.key());
  }

  /** A client of the same server with another key. */
  CairnClient withKey(String key) {
    var builder = CairnClient.builder().url(run.url()).apiKey(key);
    return run.tls() ? builder.caCertificate(Path.of(ca)).build() : builder.build();
  }

  /** The same client, its calls under that x-request-id. */
  CairnCalls named(String id) {
    return client.withHeader("x-request-id", id);
  }

  WriteMemoryResponse write(MemoryInput.Builder memory) {
    return client.writeMemory(Samples.write(memory).build());
  }

  Memory get(String id) {
    return client.getMemory(GetMemoryRequest.newBuilder().setMemoryId(id).build()).getMemory();
  }

  Memory getDeleted(String id) {
    return client.getMemory(GetMemoryRequest.newBuilder().setMemoryId(id).setShowDeleted(true).build()).getMemory();
  }

  GetMemoryRequest drink() {
    return GetMemoryRequest.newBuilder().setMemoryId(drinkId).build();
  }

  /** The memories of a kind, on one page. */
  List<Memory> list(String kind, MemoryFilter.Builder filter) {
    var request = ListMemoriesRequest.newBuilder().setFilter(filter.addKinds(kind));
    return client.listMemories(request.build()).getMemoriesList();
  }

  List<Memory> list(String kind) {
    return list(kind, MemoryFilter.newBuilder());
  }

  @Override
  public void close() {
    client.close();
  }
}
