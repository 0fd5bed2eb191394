package dev.cairnmemory.scenario;

import com.google.gson.Gson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plays the scenario with the Java client; see test/scenario.md. */
public final class Main {
  private static final List<Step> STEPS =
      List.of(
          WritingSteps::writes,
          WritingSteps::readsBack,
          WritingSteps::writesAgain,
          WritingSteps::upserts,
          WritingSteps::neverTwice,
          WritingSteps::onlyIfThere,
          WritingSteps::comparesAndSets,
          WritingSteps::conflicts,
          LifeSteps::deletes,
          LifeSteps::restores,
          LifeSteps::revives,
          LifeSteps::expires,
          LifeSteps::expiredBeforeItBegan,
          RepeatingSteps::idempotent,
          RepeatingSteps::requestIdReused,
          RepeatingSteps::lostAnswer,
          RepeatingSteps::neverRepeated,
          RepeatingSteps::readsAgain,
          SearchingSteps::batch,
          SearchingSteps::search,
          SearchingSteps::stopsEarly,
          SearchingSteps::cancels,
          SearchingSteps::deadline,
          RefusingSteps::whoAreYou,
          RefusingSteps::forbidden,
          RefusingSteps::notFoundNotValid,
          RefusingSteps::unicode,
          ListingSteps::paging,
          ListingSteps::filters,
          LifeSteps::historyAndPurge,
          RepeatingSteps::atOnce);

  private Main() {}

  /** Plays the plan that CAIRN_SCENARIO names. */
  public static void main(String[] arguments) throws Exception {
    Plan plan = Plan.read();
    for (int index = 0; index < plan.runs().size(); index++) {
      try (Play play = new Play(plan, plan.runs().get(index))) {
        for (int step = 1; step <= STEPS.size(); step++) {
          Map<String, Object> line = new LinkedHashMap<>(Map.of("run", index, "step", step));
          report(line, STEPS.get(step - 1), play);
        }
      }
    }
    try (Play play = new Play(plan, plan.storm().run())) {
      Map<String, Object> line = new LinkedHashMap<>(Map.of("storm", plan.storm().count()));
      report(line, storm -> StormPlay.rage(storm, plan.storm()), play);
    }
  }

  private static void report(Map<String, Object> line, Step step, Play play) {
    long began = System.nanoTime();
    String detail = "";
    try {
      step.play(play);
    } catch (Exception | AssertionError error) {
      detail = error.toString();
    }
    line.put("ok", detail.isEmpty());
    line.put("ms", (System.nanoTime() - began) / 1e6);
    line.put("detail", detail);
    System.out.println(new Gson().toJson(line));
  }
}
