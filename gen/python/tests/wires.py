"""The clients by the wire that they speak, and calls that every one of them makes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cairn_memory.grpc as on_grpcio
import cairn_memory.grpc.v1 as grpcio_v1
from cairn_memory import Client
from cairn_memory.v1 import GetMemoryRequest, PurgeMemoryRequest, WriteMemoryRequest

HTTP1 = ("connect", "connect-json", "grpc-web")
HTTP2 = ("grpc", "grpcio")
READ = GetMemoryRequest(memory_id="00000000-0000-7000-8000-000000000000")
_CALLS: dict[str, Callable[[Client], object]] = {
    "read": lambda cairn: cairn.memories.get_memory(READ),
    "search": lambda cairn: list(cairn.search("tea")),
    "write": lambda cairn: cairn.memories.write_memory(WriteMemoryRequest()),
    "purge": lambda cairn: cairn.memories.purge_memory(PurgeMemoryRequest()),
}
_CALLS_ON_GRPCIO: dict[str, Callable[[on_grpcio.Client], object]] = {
    "read": lambda cairn: cairn.memories.GetMemory(grpcio_v1.GetMemoryRequest()),
    "search": lambda cairn: list(cairn.search("tea")),
    "write": lambda cairn: cairn.memories.WriteMemory(grpcio_v1.WriteMemoryRequest()),
    "purge": lambda cairn: cairn.memories.PurgeMemory(grpcio_v1.PurgeMemoryRequest()),
}


class Caller:
    """A client of some kind."""

    def __init__(self, wire: str, url: str, **options: Any) -> None:
        self._calls: dict[str, Callable[[Any], object]] = _CALLS_ON_GRPCIO if wire == "grpcio" else _CALLS
        if wire == "grpcio":
            self._client: Any = on_grpcio.Client(url, **options)
        elif wire == "connect-json":
            self._client = Client(url, codec="json", **options)
        else:
            self._client = Client(url, protocol=wire, **options)  # type: ignore[arg-type]

    def call(self, name: str) -> object:
        """Makes a `read`, `search`, `write` or `purge`."""
        return self._calls[name](self._client)

    def close(self) -> None:
        self._client.close()


@contextmanager
def client_of(wire: str, url: str, **options: Any) -> Iterator[Caller]:
    """A client for the block."""
    caller = Caller(wire, url, **options)
    try:
        yield caller
    finally:
        caller.close()
