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
    boolean portless = uri.getRawAuthority().equals(uri.getHost());
    if (!portless && (uri.getPort() < 1 || uri.getPort() > 65_535)) {
      throw wrong(url, "must have a port from 1 to 65535 or none");
    }
    return new ServerAddress(uri.getHost(), portless ? (secure ? 443 : 80) : uri.getPort(), secure);
  }

  private static IllegalArgumentException wrong(String url, String what) {
    // What stands before an @ may be a password.
    String shown = url.contains("@") ? "" : " \"" + url + "\"";
    return new IllegalArgumentException("the URL" + shown + " " + what + ", as in \"http://127.0.0.1:8080\"");
  }
}
