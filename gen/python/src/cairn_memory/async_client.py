"""The client for asyncio."""

import os
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from connectrpc.client import ConnectClient
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType

from ._gen.services import AsyncServices
from .async_search import AsyncSearch
from .async_stream import AsyncMessageStream
from .caller import Caller, CallHeaders, Codec, Protocol
from .requests import list_request, search_request
from .settings import DEFAULT_ATTEMPTS, DEFAULT_TIMEOUT_MS, read_settings
from .v1 import ListMemoriesRequest, Memory, MemoryFilter, SearchMode, SearchRequest, SearchResponse

STUB = TypeVar("STUB", bound=ConnectClient)
REQ = TypeVar("REQ")
RES = TypeVar("RES")

SEARCH = MethodInfo(
    name="Search",
    service_name="cairn.v1.MemoryService",
    input=SearchRequest,
    output=SearchResponse,
    idempotency_level=IdempotencyLevel.NO_SIDE_EFFECTS,
    stream_type=StreamType.SERVER_STREAM,
)


class AsyncClient(AsyncServices):
    """A connection to Cairn for asyncio: `async with AsyncClient() as cairn: …`.

    Its attributes are the services: `await cairn.memories.write_memory(request)`. Each call takes `headers` and `timeout_ms` of its own;
    `asyncio.timeout()` and `Task.cancel()` end it on the server as well. Calls raise CairnError.

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
        """Connects at the first call.

        Args:
            url: Where the server is. Default: `CAIRN_URL`, else http://127.0.0.1:8080. `https://` switches TLS on.
            api_key: Default: `CAIRN_API_KEY`. Empty: none is sent.
            agent: UUID or handle; narrows a workspace-wide key to one agent's view.
            timeout_ms: How long a unary call may take, its repetitions included. Default 30,000; None: as long as the server
                lets it. Streams end by the server's limit alone, unless a call says otherwise.
            max_attempts: How often a call that is safe to repeat is made at most. 0 and 1 switch repetition off.
            protocol: `connect`, `grpc` or `grpc-web`.
            codec: `proto` or `json`.
            ca: File (or its bytes) with the certificates, in PEM, that the server's must descend from. Default: the system's.
            headers: Sent with every call.

        Raises:
            ValueError: An argument or variable is wrong; the message names it.
            OSError: `ca` cannot be read.
        """
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
        self._open_services(self.service)

    def service(self, stub: type[STUB]) -> STUB:
        """Opens a service by its generated client, such as `MemoryServiceClient`."""
        made: STUB = _calls_of(stub)(self._caller)
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
    ) -> AsyncSearch:
        """Searches: `async for result in cairn.search("what does she drink?", limit=5)`."""
        request = search_request(query, limit, mode, filter)
        return AsyncSearch(AsyncMessageStream(self._caller.stream(request, SEARCH, headers, timeout_ms)))

    async def list_memories(
        self,
        request: ListMemoriesRequest | MemoryFilter | None = None,
        *,
        headers: CallHeaders = None,
        timeout_ms: int | None = None,
    ) -> AsyncIterator[Memory]:
        """Goes through all memories that match, newest first, over as many pages as it takes; `timeout_ms` is for each page."""
        page = list_request(request)
        while True:
            response = await self.memories.list_memories(page, headers=headers, timeout_ms=timeout_ms)
            for memory in response.memories:
                yield memory
            if not response.next_page_token:
                return
            page.page_token = response.next_page_token

    async def aclose(self) -> None:
        """Ends what still runs, as Canceled, and closes the connections. Calls after that raise RuntimeError."""
        await self._caller.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class _Calls:
    """Makes a generated client's calls through a Caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def execute_unary(
        self,
        *,
        request: REQ,
        method: MethodInfo[REQ, RES],
        headers: CallHeaders = None,
        timeout_ms: int | None = None,
        use_get: bool = False,
    ) -> RES:
        return await self._caller.unary(request, method, headers, timeout_ms, use_get)

    def execute_server_stream(
        self, *, request: REQ, method: MethodInfo[REQ, RES], headers: CallHeaders = None, timeout_ms: int | None = None
    ) -> AsyncMessageStream[RES]:
        return AsyncMessageStream(self._caller.stream(request, method, headers, timeout_ms))


def _calls_of(stub: type[STUB]) -> Any:
    return type(stub.__name__, (_Calls, stub), {"__doc__": stub.__doc__})
