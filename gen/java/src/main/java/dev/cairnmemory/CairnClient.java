package dev.cairnmemory;

import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A client of one server, for any number of threads. It connects with its first call, and anew by itself. */
public final class CairnClient extends CairnCalls implements AutoCloseable {
  private static final String VERSION = "0.1.0";
  private static final long CLOSE_SECONDS = 5;

  private final ManagedChannel managed;

  private CairnClient(ManagedChannel managed, Headers headers, Duration timeout, int maxAttempts) {
    super(
        ClientInterceptors.intercept(managed, headers), new Repetition(maxAttempts, new Connection(managed)), timeout, null);
    this.managed = managed;
  }

  /** A client of the server that CAIRN_URL names (default {@code http://127.0.0.1:8080}), with the key of CAIRN_API_KEY. */
  public static CairnClient fromEnvironment() {
    return builder().build();
  }

  /** Makes a client step by step. */
  public static Builder builder() {
    return new Builder();
  }

  /** Closes the connection; calls that have not ended within five seconds are cancelled. */
  @Override
  public void close() {
    managed.shutdown();
    try {
      if (managed.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) return;
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
    managed.shutdownNow();
  }

  /** What is not set comes from the environment or has a default. */
  public static final class Builder {
    private String url = variable("CAIRN_URL", "http://127.0.0.1:8080");
    private String apiKey = variable("CAIRN_API_KEY", "");
    private String agent = "";
    private Duration timeout = Duration.ofSeconds(30);
    private int maxAttempts = 4;
    private Path caCertificate;

    private Builder() {}

    /** Where the server is, http:// or https:// with host and port. Default: CAIRN_URL, else {@code http://127.0.0.1:8080}. */
    public Builder url(String url) {
      this.url = Objects.requireNonNull(url, "url");
      return this;
    }

    /** The key that calls carry. Default: CAIRN_API_KEY; empty: none. */
    public Builder apiKey(String apiKey) {
      this.apiKey = Objects.requireNonNull(apiKey, "apiKey");
      return this;
    }

    /** UUID or handle of the agent to whose view a workspace-wide key is narrowed. Default: none. */
    public Builder agent(String agent) {
      this.agent = Objects.requireNonNull(agent, "agent");
      return this;
    }

    /** Time for a unary call, its repetitions included. Default: 30 s. Streams have none of their own. */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** How often a call that is safe to repeat is tried, the first time included. Default: 4; 0 or 1: once. */
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /** File with the certificate authority, in PEM, that is trusted instead of Java's own ones; for https:// alone. */
    public Builder caCertificate(Path caCertificate) {
      this.caCertificate = caCertificate;
      return this;
    }

    /**
     * The client.
     *
     * @throws IllegalArgumentException where the URL, the key or the certificate cannot be right.
     * @throws UncheckedIOException where the certificate cannot be read.
     */
    public CairnClient build() {
      ServerAddress address = ServerAddress.of(url);
      Map<String, String> headers = new HashMap<>();
      if (!apiKey.isEmpty()) headers.put("authorization", "Bearer " + plain("API key", apiKey));
      if (!agent.isEmpty()) headers.put("cairn-agent", plain("agent", agent));
      Headers added = new Headers(headers);
      ManagedChannel channel =
          Grpc.newChannelBuilderForAddress(address.host(), address.port(), credentials(address.secure()))
              .userAgent("cairn-java/" + VERSION + " java/" + Runtime.version().feature())
              // The layer alone decides what is repeated.
              .disableServiceConfigLookUp()
              .keepAliveTime(30, TimeUnit.SECONDS)
              .keepAliveTimeout(10, TimeUnit.SECONDS)
              .build();
      return new CairnClient(channel, added, timeout, maxAttempts);
    }

    private ChannelCredentials credentials(boolean secure) {
      if (!secure) return InsecureChannelCredentials.create();
      if (caCertificate == null) return TlsChannelCredentials.create();
      try {
        byte[] pem = Files.readAllBytes(caCertificate);
        return TlsChannelCredentials.newBuilder().trustManager(authorities(pem)).build();
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      } catch (GeneralSecurityException error) {
        throw new IllegalArgumentException(caCertificate + " holds no certificate in PEM", error);
      }
    }

    private static TrustManager[] authorities(byte[] pem) throws GeneralSecurityException, IOException {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
      for (Certificate certificate : certificates) trusted.setCertificateEntry("ca" + trusted.size(), certificate);
      if (trusted.size() == 0) throw new CertificateException("the file is empty");
      TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory.getTrustManagers();
    }

    /** What is wrong is said without showing it. */
    private static String plain(String name, String value) {
      if (value.chars().allMatch(letter -> letter > 0x20 && letter < 0x7f)) return value;
      throw new IllegalArgumentException(
          "the " + name + " has characters that none has, such as a space or a line's end");
    }

    private static String variable(String name, String otherwise) {
      String value = System.getenv(name);
      return value == null || value.isEmpty() ? otherwise : value;
    }
  }
}
