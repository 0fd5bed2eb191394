package dev.cairnmemory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Does to each attempt what it is told: frames of HTTP/2 written by hand, as no real server would send them. */
final class FakeServer implements AutoCloseable {
  /** What becomes of one call. */
  enum Fate {
    /** The connection is reset. */
    RESET,
    /** The connection ends. */
    END,
    /** GOAWAY with INTERNAL_ERROR, which says that this call was seen or that it was not; then the connection ends. */
    SEEN_AND_ENDED,
    UNSEEN_AND_ENDED,
    /** A proxy's answer in HTTP/1.1, then the connection ends. */
    OTHER_PROTOCOL,
    /** RST_STREAM with NO_ERROR, INTERNAL_ERROR, CANCEL. */
    STREAM_ENDED,
    STREAM_BROKEN,
    STREAM_CANCELLED,
    /** A proxy's page of HTML with status 503. */
    PAGE,
    /** UNIMPLEMENTED, which shows that the attempt came. */
    ANSWER,
    /** INTERNAL, in the words that grpc-java has for a stream that was reset. */
    QUOTING_ANSWER,
    /** UNIMPLEMENTED, with details that are none. */
    GARBLED_ANSWER,
    /** One result of a search, and nothing more. */
    RESULT,
  }

  private static final Set<Fate> ENDS =
      EnumSet.of(Fate.END, Fate.SEEN_AND_ENDED, Fate.UNSEEN_AND_ENDED, Fate.OTHER_PROTOCOL);

  private final ServerSocket listener;
  private final List<Fate> fates;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Socket open;
  private volatile boolean away;

  /** @param fates of the calls in order; the last is that of all further ones. */
  FakeServer(Fate... fates) throws IOException {
    this.fates = List.of(fates);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread serving = new Thread(this::serve);
    serving.setDaemon(true);
    serving.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  int calls() {
    return calls.get();
  }

  /** Ends the connection, and each further one as it is taken: unlike close(), nobody else can take the port meanwhile. */
  void leave() throws IOException {
    away = true;
    if (open != null) open.close();
  }

  /** Resets the connection. */
  void reset() throws IOException {
    open.setSoLinger(true, 0);
    open.close();
  }

  void comeBack() {
    away = false;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    if (open != null) open.close();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        open = socket;
        if (away) continue;
        converse(socket, new DataInputStream(socket.getInputStream()), socket.getOutputStream());
      } catch (IOException | InterruptedException error) {
        // The client left, or the test is over.
      }
    }
  }

  private void converse(Socket socket, DataInputStream in, OutputStream out) throws IOException, InterruptedException {
    in.readNBytes(24);
    out.write(frame(4, 0, 0));
    while (true) {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      int kind = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int id = in.readInt();
      in.readNBytes(length);
      boolean isSettings = kind == 4 && flags == 0;
      if (isSettings) out.write(frame(4, 1, 0));
      boolean endsRequest = kind <= 1 && (flags & 1) == 1;
      if (!endsRequest) continue;
      Fate fate = fates.get(Math.min(calls.getAndIncrement(), fates.size() - 1));
      answer(fate, id, out);
      if (ENDS.contains(fate)) return;
      if (fate == Fate.RESET) {
        Thread.sleep(50);
        socket.setSoLinger(true, 0);
        return;
      }
    }
  }

  private static void answer(Fate fate, int id, OutputStream out) throws IOException {
    byte[] ok = join(new byte[] {(byte) 0x88}, field("content-type", "application/grpc"));
    switch (fate) {
      case SEEN_AND_ENDED -> out.write(frame(7, 0, 0, 0, 0, id >> 8, id, 0, 0, 0, 2));
      case UNSEEN_AND_ENDED -> out.write(frame(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2));
      case OTHER_PROTOCOL -> out.write("HTTP/1.1 503 Service Unavailable\r\n\r\n".getBytes(US_ASCII));
      case STREAM_ENDED -> out.write(frame(3, 0, id, 0, 0, 0, 0));
      case STREAM_BROKEN -> out.write(frame(3, 0, id, 0, 0, 0, 2));
      case STREAM_CANCELLED -> out.write(frame(3, 0, id, 0, 0, 0, 8));
      case PAGE -> out.write(join(frame(1, 4, id, 8, 3, '5', '0', '3'), frame(0, 1, id, '<', 'p', '>')));
      case ANSWER -> out.write(frame(1, 5, id, join(ok, field("grpc-status", "12"))));
      case QUOTING_ANSWER ->
          out.write(frame(1, 5, id, join(ok, field("grpc-status", "13"), field("grpc-message", "RST_STREAM closed stream"))));
      case GARBLED_ANSWER ->
          out.write(frame(1, 5, id, join(ok, field("grpc-status", "12"), field("grpc-status-details-bin", "////AAAA"))));
      // A message of two bytes: SearchResponse.result, empty.
      case RESULT -> out.write(join(frame(1, 4, id, ok), frame(0, 0, id, 0, 0, 0, 0, 2, 10, 0)));
      default -> {}
    }
  }

  private static byte[] frame(int kind, int flags, int id, int... body) {
    byte[] bytes = new byte[body.length];
    for (int at = 0; at < body.length; at++) bytes[at] = (byte) body[at];
    return frame(kind, flags, id, bytes);
  }

  private static byte[] frame(int kind, int flags, int id, byte[] body) {
    byte[] head = {
      0, (byte) (body.length >> 8), (byte) body.length, (byte) kind, (byte) flags, 0, 0, (byte) (id >> 8), (byte) id
    };
    return join(head, body);
  }

  /** A header in HPACK, spelled out. */
  private static byte[] field(String name, String value) {
    byte[] before = {0, (byte) name.length()};
    byte[] between = {(byte) value.length()};
    return join(before, name.getBytes(US_ASCII), between, value.getBytes(US_ASCII));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) whole.writeBytes(part);
    return whole.toByteArray();
  }
}
