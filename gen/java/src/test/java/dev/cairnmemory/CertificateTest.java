package dev.cairnmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairnmemory.v1.GetMemoryRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client makes of a server whose certificate nobody vouches for. */
class CertificateTest {
  private static final String PASSWORD = "changeit";

  @Test
  void isUnavailableSaysWhatToDoAndIsNotRepeated(@TempDir Path folder) throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (SSLServerSocket listener = listen(folder);
        CairnClient client = CairnClient.builder().url("https://127.0.0.1:" + listener.getLocalPort()).build()) {
      Thread serving = new Thread(() -> serve(listener, connections));
      serving.setDaemon(true);
      serving.start();
      var error = assertThrows(CairnException.class, () -> client.getMemory(GetMemoryRequest.getDefaultInstance()));
      assertEquals(Code.UNAVAILABLE, error.getCode());
      assertTrue(error.getMessage().contains("certificate is not trusted: "), error.getMessage());
      assertTrue(error.getMessage().contains("caCertificate"), error.getMessage());
      assertTrue(!error.isTransient(), error.getMessage());
    }
    // The call's own and the one for the next call, which begins at once. With four attempts there were sixteen.
    assertTrue(connections.get() <= 2, connections + " connections");
  }

  private static void serve(SSLServerSocket listener, AtomicInteger connections) {
    while (!listener.isClosed()) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        connections.incrementAndGet();
        socket.startHandshake();
      } catch (IOException error) {
        // The client has left, as it should, or the test is over.
      }
    }
  }

  private static SSLServerSocket listen(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
    Path file = folder.resolve("key.p12");
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made =
        new ProcessBuilder(
                tool, "-genkeypair", "-alias", "cairn", "-keyalg", "EC", "-dname", "CN=cairn", "-ext", "san=ip:127.0.0.1",
                "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString())
            .redirectErrorStream(true)
            .start();
    made.getInputStream().readAllBytes();
    assertEquals(0, made.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stored = Files.newInputStream(file)) {
      keys.load(stored, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }
}
