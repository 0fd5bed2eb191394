package dev.cairnmemory.scenario;

import static dev.cairnmemory.scenario.Expect.equal;
import static dev.cairnmemory.scenario.Samples.harbour;
import static dev.cairnmemory.scenario.Samples.instruct;
import static dev.cairnmemory.scenario.Samples.notes;

import dev.cairnmemory.SearchResults;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Searches that are each closed after their first result, many at a time. */
final class StormPlay {
  private StormPlay() {}

  static void rage(Play play, Plan.Storm storm) throws Exception {
    play.client.batchWriteMemories(notes());
    var threads = Executors.newFixedThreadPool(storm.atOnce());
    try {
      List<Future<?>> searches = new ArrayList<>();
      for (int index = 0; index < storm.count(); index++) searches.add(threads.submit(() -> stopAfterFirst(play)));
      for (Future<?> search : searches) search.get();
    } finally {
      threads.shutdown();
    }
  }

  private static void stopAfterFirst(Play play) {
    try (SearchResults results = play.named(instruct("pace", 5)).search(harbour())) {
      equal("the first rank", results.next().getRank(), 1);
    }
  }
}
