package dev.cairnmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ServerAddressTest {
  @Test
  void takesTheAddressOfAServer() {
    assertEquals(new ServerAddress("127.0.0.1", 8080, false), ServerAddress.of("http://127.0.0.1:8080"));
    assertEquals(new ServerAddress("[::1]", 80, false), ServerAddress.of("http://[::1]"));
    assertEquals(new ServerAddress("cairn.example", 443, true), ServerAddress.of("https://cairn.example/"));
  }

  @Test
  void refusesWhatIsNone() {
    var urls = "127.0.0.1:8080 ftp://host http:// http://host/api http://host?x http://host#x http://host: http://host:0 http://host:99999";
    for (String url : (" " + urls).split(" ")) {
      var error = assertThrows(IllegalArgumentException.class, () -> ServerAddress.of(url), url);
      assertTrue(error.getMessage().contains("\"" + url + "\""), error.getMessage());
    }
  }

  @Test
  void showsNoPassword() {
    var error = assertThrows(IllegalArgumentException.class, () -> ServerAddress.of("http://me:secret@host"));
    assertFalse(error.getMessage().contains("secret"), error.getMessage());
  }
}
