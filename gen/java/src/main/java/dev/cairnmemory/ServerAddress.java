package dev.cairnmemory;

import java.net.URI;
import java.net.URISyntaxException;

/** Where a server is, and whether it is spoken to over TLS. */
record ServerAddress(String host, int port, boolean secure) {
  /** @throws IllegalArgumentException where the URL is not a scheme, host and port. */
  static ServerAddress of(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException error) {
      throw wrong(url, "must be a scheme, host and port");
    }
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    if (!secure && !"http".equalsIgnoreCase(uri.getScheme())) throw wrong(url, "must begin with http:// or https://");
    boolean bare = uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
    boolean more = uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null;
    if (uri.getHost() == null || !bare || more) throw wrong(url, "must be a scheme, host and port alone");
    return new ServerAddress(uri.getHost(), uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80, secure);
  }

  private static IllegalArgumentException wrong(String url, String what) {
    return new IllegalArgumentException("the URL \"" + url + "\" " + what + ", as in \"http://127.0.0.1:8080\"");
  }
}
