package dev.cairnmemory.scenario;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the suite asks for; test/scenario.md says what each part means. */
record Plan(String control, String ca, List<Run> runs, Storm storm) {
  /** One time through the steps. */
  record Run(String wire, boolean tls, String url, String key, String readKey) {}

  /** Searches that are each left after their first result. */
  record Storm(String wire, boolean tls, String url, String key, String readKey, int count, int atOnce) {
    Run run() {
      return new Run(wire, tls, url, key, readKey);
    }
  }

  /** Reads the file that CAIRN_SCENARIO names. */
  static Plan read() throws IOException {
    var gson = new GsonBuilder().setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES).create();
    return gson.fromJson(Files.readString(Path.of(System.getenv("CAIRN_SCENARIO"))), Plan.class);
  }
}
