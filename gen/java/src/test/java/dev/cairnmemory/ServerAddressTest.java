package dev.cairnmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ServerAddressTest {
  @Test
  void takesTheAddressOfAServer() {
    assertEquals(new ServerAddress("127.0.0.1", 8080, false), ServerAddress.of("http://127.0.0.1:8080"));
    assertEquals(new ServerAddress("cairn.example", 443, true), ServerAddress.of("https://cairn.example/"));
  }

  @Test
  void refusesWhatIsNone() {
    for (String url : new String[] {"", "127.0.0.1:8080", "ftp://host", "http://", "http://host/api", "http://me@host"}) {
      var error = assertThrows(IllegalArgumentException.class, () -> ServerAddress.of(url), url);
      assertTrue(error.getMessage().contains("\"" + url + "\""), error.getMessage());
    }
  }
}
