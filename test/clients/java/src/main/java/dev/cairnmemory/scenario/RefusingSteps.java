package dev.cairnmemory.scenario;

import static dev.cairnmemory.scenario.Expect.equal;
import static dev.cairnmemory.scenario.Expect.holds;
import static dev.cairnmemory.scenario.Expect.refused;
import static dev.cairnmemory.scenario.Expect.says;
import static dev.cairnmemory.scenario.Samples.drink;
import static dev.cairnmemory.scenario.Samples.ofKind;
import static dev.cairnmemory.scenario.Samples.unique;
import static dev.cairnmemory.scenario.Samples.write;

import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.Map;

/** Steps 24 to 27: who may not, and what cannot be. */
final class RefusingSteps {
  private static final int[] GREETING = "Grüße 你好 שלום 👋🏽 ".codePoints().toArray();
  private static final int LONGEST = 50_000;

  private RefusingSteps() {}

  static void whoAreYou(Play play) {
    Map.of("", "CREDENTIALS_MISSING", "cairn_wrong", "CREDENTIALS_INVALID")
        .forEach(
            (key, reason) -> {
              try (var stranger = play.withKey(key)) {
                refused("GetMemory", () -> stranger.getMemory(play.drink()), Code.UNAUTHENTICATED, reason);
              }
            });
  }

  static void forbidden(Play play) {
    try (var reader = play.withKey(play.run.readKey())) {
      Runnable call = () -> reader.writeMemory(write(drink()).build());
      says(refused("WriteMemory", call, Code.PERMISSION_DENIED, "SCOPE_MISSING"), "scope", "memory:write");
    }
  }

  static void notFoundNotValid(Play play) {
    refused("a UUID that nothing has", () -> play.get(unique()), Code.NOT_FOUND, "MEMORY_NOT_FOUND");
    says(refused("no UUID", () -> play.get("abc"), Code.INVALID_ARGUMENT, "INVALID_FIELD"), "field", "memory_id");
  }

  static void unicode(Play play) {
    int[] sent = greeting(LONGEST);
    var written = play.write(ofKind("long", text(sent)));
    int[] read = play.get(written.getMemory().getId()).getContent().codePoints().toArray();
    equal("code points", read.length, LONGEST);
    holds("equal, code point by code point", Arrays.equals(read, sent));
    Runnable call = () -> play.write(ofKind("long", text(greeting(LONGEST + 1))));
    says(refused("one more", call, Code.INVALID_ARGUMENT, "INVALID_FIELD"), "field", "memory.content");
  }

  private static int[] greeting(int length) {
    int[] points = new int[length];
    Arrays.setAll(points, index -> GREETING[index % GREETING.length]);
    return points;
  }

  private static String text(int[] points) {
    return new String(points, 0, points.length);
  }
}
