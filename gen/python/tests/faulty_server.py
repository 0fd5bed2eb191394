"""A server that mistreats its first calls and knows no method, over HTTP/1.1 and HTTP/2."""

import socket
import struct
import threading
from typing import BinaryIO

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
STREAM_OF_CONNECT = b"HTTP/1.1 200 OK\r\ncontent-type: application/connect+proto\r\ntransfer-encoding: chunked\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS = 0, 1, 3, 4
END_STREAM, END_HEADERS, ACK = 1, 4, 1
CANCEL = struct.pack(">I", 8)
# Of HPACK: `:status: 404`, and `:status` with a value of three characters.
STATUS_404, STATUS = b"\x8d", b"\x48\x03"


class FaultyServer:
    """`fault` is `cut` (RST), `end` (FIN), `cancel` (RST_STREAM), `silent`, `503` or, over Connect, `stall` after a `message`; it
    befalls the first `times` calls."""

    def __init__(self, fault: str, times: int = 1, message: bytes = b"") -> None:
        self._stall = _chunk(b"\0" + len(message).to_bytes(4, "big") + message)
        self._fault = fault
        self._times = times
        self._sockets: list[socket.socket] = []
        self.calls = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()
        for one in self._sockets:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._server.accept()[0]
            except OSError:
                return
            self._sockets.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as stream:
                if stream.peek(3).startswith(b"PRI"):
                    self._serve_http2(connection, stream)
                else:
                    self._serve_http1(connection, stream)
            # Only now, with its file, is the socket closed in truth.
            connection.close()
        except OSError:
            pass

    def _serve_http1(self, connection: socket.socket, stream: BinaryIO) -> None:
        while stream.readline():
            headers: dict[bytes, bytes] = {}
            while (line := stream.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                headers[name.lower()] = value.strip()
            stream.read(int(headers.get(b"content-length", 0)))
            if b"transfer-encoding" in headers:
                while (size := int(stream.readline(), 16)) > 0:
                    stream.read(size + 2)
                stream.readline()
            fault = self._next_fault()
            if fault in ("cut", "end"):
                return _leave(connection, fault)
            if fault == "stall":
                connection.sendall(STREAM_OF_CONNECT + self._stall)
            elif fault != "silent":
                status = b"503 Unavailable" if fault == "503" else b"404 Not Found"
                connection.sendall(b"HTTP/1.1 %s\r\ncontent-length: 0\r\n\r\n" % status)

    def _serve_http2(self, connection: socket.socket, stream: BinaryIO) -> None:
        stream.read(len(PREFACE))
        connection.sendall(_frame(SETTINGS, 0, 0, b""))
        while len(head := stream.read(9)) == 9:
            kind, flags, number = head[3], head[4], int.from_bytes(head[5:], "big")
            stream.read(int.from_bytes(head[:3], "big"))
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(_frame(SETTINGS, ACK, 0, b""))
            if kind not in (DATA, HEADERS) or not flags & END_STREAM:
                continue
            fault = self._next_fault()
            if fault in ("cut", "end"):
                return _leave(connection, fault)
            if fault == "cancel":
                connection.sendall(_frame(RST_STREAM, 0, number, CANCEL))
            elif fault != "silent":
                status = STATUS + b"503" if fault == "503" else STATUS_404
                connection.sendall(_frame(HEADERS, END_STREAM | END_HEADERS, number, status))

    def _next_fault(self) -> str:
        self.calls += 1
        return self._fault if self.calls <= self._times else ""


def _leave(connection: socket.socket, fault: str) -> None:
    if fault == "cut":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _frame(kind: int, flags: int, number: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + number.to_bytes(4, "big") + body
