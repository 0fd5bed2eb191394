package dev.cairnmemory;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuilderTest {
  @Test
  void refusesWhatNoKeyHasWithoutShowingIt() {
    for (String key : new String[] {" ", "two words", "secret\n", "secret\t", "s\u00e9cret", "secret\u007f"}) {
      var builder = CairnClient.builder().apiKey(key);
      var error = assertThrows(IllegalArgumentException.class, builder::build);
      assertTrue(error.getMessage().contains("API key"), error.getMessage());
      assertFalse((error.getMessage() + builder).contains("cret"), error.getMessage());
      assertThrows(IllegalArgumentException.class, CairnClient.builder().agent(key)::build);
    }
  }

  @Test
  void refusesACertificateThatIsNone(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("ca.pem");
    for (String text : new String[] {"", "no certificate"}) {
      Files.writeString(file, text);
      var error =
          assertThrows(
              IllegalArgumentException.class, CairnClient.builder().url("https://cairn.example").caCertificate(file)::build);
      assertTrue(error.getMessage().contains("ca.pem"), error.getMessage());
    }
  }
}
