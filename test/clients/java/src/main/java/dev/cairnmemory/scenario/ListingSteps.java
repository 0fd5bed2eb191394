package dev.cairnmemory.scenario;

import static dev.cairnmemory.scenario.Expect.equal;
import static dev.cairnmemory.scenario.Samples.ofKind;

import dev.cairnmemory.v1.LinkedEntity;
import dev.cairnmemory.v1.ListMemoriesRequest;
import dev.cairnmemory.v1.ListMemoriesResponse;
import dev.cairnmemory.v1.Memory;
import dev.cairnmemory.v1.MemoryFilter;
import dev.cairnmemory.v1.MemoryInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Steps 28 and 29: lists. */
final class ListingSteps {
  private ListingSteps() {}

  static void paging(Play play) {
    var notes = MemoryFilter.newBuilder().addKinds("note");
    ListMemoriesRequest request = ListMemoriesRequest.newBuilder().setFilter(notes).setPageSize(7).build();
    List<Memory> iterated = new ArrayList<>();
    play.client.listAllMemories(request).forEach(iterated::add);
    falling("the iterator", iterated);
    List<Memory> byTokens = new ArrayList<>();
    int pages = 0;
    ListMemoriesResponse page = null;
    do {
      String token = page == null ? "" : page.getNextPageToken();
      page = play.client.listMemories(request.toBuilder().setPageToken(token).build());
      byTokens.addAll(page.getMemoriesList());
      pages++;
    } while (!page.getNextPageToken().isEmpty());
    falling("by tokens", byTokens);
    equal("pages", pages, 15);
  }

  private static void falling(String what, List<Memory> memories) {
    List<String> ids = memories.stream().map(Memory::getId).toList();
    equal(what, ids.size(), 100);
    equal(what + ", in order, none twice", ids.stream().distinct().sorted(Comparator.reverseOrder()).toList(), ids);
  }

  static void filters(Play play) {
    LinkedEntity bern = LinkedEntity.newBuilder().setType("city").setId("bern").build();
    play.write(deal("bob").addTags("red"));
    play.write(deal("bob").addTags("red").addTags("blue").addLinkedEntities(bern));
    play.write(deal("eve").addTags("blue"));
    var bob = MemoryFilter.newBuilder().setSubjectType("person").setSubjectId("bob");
    equal("by subject", play.list("deal", bob).size(), 2);
    equal("tags_all", play.list("deal", MemoryFilter.newBuilder().addTagsAll("red").addTagsAll("blue")).size(), 1);
    equal("tags_none", play.list("deal", MemoryFilter.newBuilder().addTagsNone("red")).size(), 1);
    equal("by linked entity", play.list("deal", MemoryFilter.newBuilder().setLinkedEntity(bern)).size(), 1);
  }

  private static MemoryInput.Builder deal(String person) {
    return ofKind("deal", "A deal was made").setSubjectType("person").setSubjectId(person);
  }
}
