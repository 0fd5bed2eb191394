"""The synchronous client."""

import os
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from connectrpc.client import ConnectClientSync
from connectrpc.method import MethodInfo

from ._gen.services import Services
from .async_client import SEARCH
from .bridge import Bridge, MessageStream
from .caller import Caller, CallHeaders, Codec, Protocol
from .requests import list_request, search_request
from .search import Search
from .settings import DEFAULT_ATTEMPTS, DEFAULT_TIMEOUT_MS, read_settings
from .v1 import ListMemoriesRequest, Memory, MemoryFilter, SearchMode, SearchRequest

STUB = TypeVar("STUB", bound=ConnectClientSync)
REQ = TypeVar("REQ")
RES = TypeVar("RES")


class Client(Services):
    """A connection to Cairn: `with Client() as cairn: …`. Threads may share it; a forked process makes its own.

    Its attributes are the services: `cairn.memories.write_memory(request)`. Each call takes `headers` and `timeout_ms` of its own;
    Ctrl-C and a Cancellation end it on the server as well. Calls raise CairnError.

    Reads, calls that are idempotent by nature, and writes with a `request_id` (made where it is absent) are repeated while the
    server is unavailable, within the call's time.
    """

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        agent: str | None = None,
        timeout_ms: int | None = DEFAULT_TIMEOUT_MS,
        max_attempts: int = DEFAULT_ATTEMPTS,
        protocol: Protocol = "connect",
        codec: Codec = "proto",
        ca: str | os.PathLike[str] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Connects at the first call. The arguments and what they raise are AsyncClient's."""
        settings = read_settings(
            url=url,
            api_key=api_key,
            agent=agent,
            timeout_ms=timeout_ms,
            max_attempts=max_attempts,
            ca=ca,
            headers=headers,
        )
        self._caller = Caller(settings, protocol, codec)
        self._bridge = Bridge()
        self._open_services(self.service)

    def service(self, stub: type[STUB]) -> STUB:
        """Opens a service by its generated client, such as `MemoryServiceClientSync`."""
        made: STUB = _calls_of(stub)(self._caller, self._bridge)
        return made

    def search(
        self,
        query: str | SearchRequest,
        *,
        limit: int | None = None,
        mode: SearchMode | None = None,
        filter: MemoryFilter | None = None,
        headers: CallHeaders = None,
        timeout_ms: int | None = None,
    ) -> Search:
        """Searches: `for result in cairn.search("what does she drink?", limit=5)`."""
        request = search_request(query, limit, mode, filter)
        return Search(MessageStream(self._bridge, self._caller.stream(request, SEARCH, headers, timeout_ms)))

    def list_memories(
        self,
        request: ListMemoriesRequest | MemoryFilter | None = None,
        *,
        headers: CallHeaders = None,
        timeout_ms: int | None = None,
    ) -> Iterator[Memory]:
        """Goes through all memories that match, newest first, over as many pages as it takes; `timeout_ms` is for each page."""
        page = list_request(request)
        while True:
            response = self.memories.list_memories(page, headers=headers, timeout_ms=timeout_ms)
            yield from response.memories
            if not response.next_page_token:
                return
            page.page_token = response.next_page_token

    def close(self) -> None:
        """Ends what still runs, as Canceled, and closes the connections; doing so again changes nothing. Calls after that raise
        RuntimeError."""
        self._bridge.close(self._caller.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Calls:
    """Makes a generated client's calls through a Caller, on a Bridge."""

    def __init__(self, caller: Caller, bridge: Bridge) -> None:
        self._caller = caller
        self._bridge = bridge

    def execute_unary(
        self,
        *,
        request: REQ,
        method: MethodInfo[REQ, RES],
        headers: CallHeaders = None,
        timeout_ms: int | None = None,
        use_get: bool = False,
    ) -> RES:
        return self._bridge.run(self._caller.unary(request, method, headers, timeout_ms, use_get))

    def execute_server_stream(
        self, *, request: REQ, method: MethodInfo[REQ, RES], headers: CallHeaders = None, timeout_ms: int | None = None
    ) -> MessageStream[RES]:
        return MessageStream(self._bridge, self._caller.stream(request, method, headers, timeout_ms))


def _calls_of(stub: type[STUB]) -> Any:
    return type(stub.__name__, (_Calls, stub), {"__doc__": stub.__doc__})
