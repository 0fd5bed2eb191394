"""A server that mistreats its first calls and knows no method, over HTTP/1.1 and HTTP/2."""

import contextlib
import socket
import struct
import threading
from typing import BinaryIO

from aborted import abortion, success, trailers_of

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
STREAM_OF_CONNECT = b"HTTP/1.1 200 OK\r\ncontent-type: application/connect+proto\r\ntransfer-encoding: chunked\r\n\r\n"
BEGUN = b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\nx-request-id: begun\r\ntransfer-encoding: chunked\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS, ACK = 1, 4, 1
NO_ERROR = 0


class FaultyServer:
    """`fault` befalls the first `times` calls: `cut` (RST), `end` (FIN), `silent`, `503`, `unfinished` (an answer that ends in good
    order, but before its status), over HTTP/2 `reset-<code>` (RST_STREAM) and `goaway`, or, over Connect, `stall` after a `message`;
    `abort`: ABORTED for the `abortion`, a reason and its domain, and success once the times are over.

    `begun`: the headers of an answer precede it.
    """

    def __init__(
        self,
        fault: str,
        times: int = 1,
        message: bytes = b"",
        begun: bool = False,
        abortion: tuple[str, str] | None = None,
    ) -> None:
        self._stall = _chunk(b"\0" + len(message).to_bytes(4, "big") + message)
        self._fault = fault
        self._times = times
        self._begun = begun
        self._abortion = abortion
        self._sockets: list[socket.socket] = []
        self.calls = 0
        self.bodies: list[bytes] = []
        """What the calls said, as it came."""
        self.called = threading.Event()
        """Set once a call has come."""
        self._server = socket.create_server(("127.0.0.1", 0), reuse_port=True)
        port: int = self._server.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        # Keeps the port, so that nobody else is there once this server is gone.
        self._port = socket.socket()
        self._port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._port.bind(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the server; doing so again changes nothing."""
        self.leave()
        self._port.close()

    def leave(self) -> None:
        """Lets no call in any more and ends the connections; the port stays empty until close()."""
        # The threads that use them close them: the number of a socket that is closed under another thread may be the next one's.
        _shut(self._server)
        self._thread.join(10)
        for one in self._sockets:
            _shut(one)

    def _accept(self) -> None:
        with self._server:
            while True:
                try:
                    connection = self._server.accept()[0]
                except OSError:
                    return
                self._sockets.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            # Only with its file is the socket closed in truth.
            with connection, connection.makefile("rb") as stream:
                if stream.peek(3).startswith(b"PRI"):
                    self._serve_http2(connection, stream)
                else:
                    self._serve_http1(connection, stream)
        except OSError:
            pass

    def _serve_http1(self, connection: socket.socket, stream: BinaryIO) -> None:
        while stream.readline():
            headers: dict[bytes, bytes] = {}
            while (line := stream.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                headers[name.lower()] = value.strip()
            body = stream.read(int(headers.get(b"content-length", 0)))
            if b"transfer-encoding" in headers:
                while (size := int(stream.readline(), 16)) > 0:
                    body += stream.read(size + 2)[:size]
                stream.readline()
            fault = self._next_fault(body)
            if fault and self._begun:
                connection.sendall(BEGUN % headers[b"content-type"])
            if fault in ("cut", "end"):
                return _leave(connection, fault)
            if fault == "stall":
                connection.sendall(STREAM_OF_CONNECT + self._stall)
            elif fault == "unfinished":
                connection.sendall(_chunk(b""))
            elif self._abortion is not None:
                kind = headers[b"content-type"].decode()
                connection.sendall(abortion(kind, *self._abortion) if fault else success(kind))
            elif fault != "silent":
                status = b"503 Unavailable" if fault == "503" else b"404 Not Found"
                connection.sendall(b"HTTP/1.1 %s\r\ncontent-length: 0\r\n\r\n" % status)

    def _serve_http2(self, connection: socket.socket, stream: BinaryIO) -> None:
        stream.read(len(PREFACE))
        connection.sendall(_frame(SETTINGS, 0, 0, b""))
        body = b""
        while len(head := stream.read(9)) == 9:
            kind, flags, number = head[3], head[4], int.from_bytes(head[5:], "big")
            payload = stream.read(int.from_bytes(head[:3], "big"))
            if kind == DATA:
                body += payload
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(_frame(SETTINGS, ACK, 0, b""))
            if kind not in (DATA, HEADERS) or not flags & END_STREAM:
                continue
            fault, body = self._next_fault(body), b""
            if fault and self._begun:
                begun = (
                    _status("200") + _literal("content-type", "application/grpc") + _literal("x-request-id", "begun")
                )
                connection.sendall(_frame(HEADERS, END_HEADERS, number, begun))
            if fault in ("cut", "end"):
                return _leave(connection, fault)
            if fault == "goaway":
                return connection.sendall(_frame(GOAWAY, 0, 0, struct.pack(">II", 0, NO_ERROR)))
            if fault.startswith("reset-"):
                code = int(fault.removeprefix("reset-"))
                connection.sendall(_frame(RST_STREAM, 0, number, struct.pack(">I", code)))
            elif fault == "unfinished":
                connection.sendall(_frame(DATA, END_STREAM, number, b""))
            elif self._abortion is not None:
                trailers = {"grpc-status": "0"} if not fault else trailers_of(*self._abortion)
                last = b"".join(_literal(name, value) for name, value in trailers.items())
                first = _status("200") + _literal("content-type", "application/grpc")
                connection.sendall(_frame(HEADERS, END_HEADERS, number, first))
                if not fault:
                    connection.sendall(_frame(DATA, 0, number, bytes(5)))
                connection.sendall(_frame(HEADERS, END_STREAM | END_HEADERS, number, last))
            elif fault != "silent":
                status = _status("503" if fault == "503" else "404")
                connection.sendall(_frame(HEADERS, END_STREAM | END_HEADERS, number, status))

    def _next_fault(self, body: bytes) -> str:
        self.calls += 1
        self.bodies.append(body)
        self.called.set()
        return self._fault if self.calls <= self._times else ""


def _leave(connection: socket.socket, fault: str) -> None:
    if fault == "cut":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _frame(kind: int, flags: int, number: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + number.to_bytes(4, "big") + body


def _status(code: str) -> bytes:
    # By HPACK's table: `:status` with a value of three characters.
    return b"\x08\x03" + code.encode()


def _literal(name: str, value: str) -> bytes:
    return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
