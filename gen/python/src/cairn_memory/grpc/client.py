"""The client on grpcio."""

import os
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import grpc

from .._version import user_agent
from ..settings import DEFAULT_ATTEMPTS, DEFAULT_TIMEOUT_MS, Settings, read_settings
from ._gen.services import Services
from .channel import MessageStream, Metadata, RetryingChannel
from .v1 import ListMemoriesRequest, Memory, SearchRequest, SearchResponse, SearchResult, SearchSummary


class Search:
    """The results of a search as they come, best first. `close()` and dropping the object end the search on the server."""

    summary: SearchSummary | None
    """How the search went. None until its end has been read."""

    def __init__(self, responses: MessageStream[SearchResponse]) -> None:
        self.summary = None
        self._responses = responses

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> SearchResult:
        for response in self._responses:
            if response.WhichOneof("part") == "result":
                return response.result
            self.summary = response.summary
        raise StopIteration

    def close(self) -> None:
        """Ends the search, from any thread; doing so again changes nothing."""
        self._responses.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Client(Services):
    """A connection to Cairn on grpcio. Its attributes are the generated stubs: `cairn.memories.WriteMemory(request, timeout=5)`.

    They repeat what is safe to repeat and raise CairnError, as cairn_memory.Client does; `.future(request)` can be cancelled, is made
    once, and raises grpcio's errors, which `error_from` reads.
    """

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        agent: str | None = None,
        timeout_ms: int | None = DEFAULT_TIMEOUT_MS,
        max_attempts: int = DEFAULT_ATTEMPTS,
        ca: str | os.PathLike[str] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Connects at the first call. The arguments are those of cairn_memory.AsyncClient; without `ca` grpcio trusts the
        certificates that it brings along."""
        settings = read_settings(
            url=url,
            api_key=api_key,
            agent=agent,
            timeout_ms=timeout_ms,
            max_attempts=max_attempts,
            ca=ca,
            headers=headers,
        )
        self.channel = RetryingChannel(_connect(settings), settings)
        self._open_services(self.channel)

    def search(
        self, request: str | SearchRequest, *, timeout: float | None = None, metadata: Metadata | None = None
    ) -> Search:
        """Searches: `for result in cairn.search("what does she drink?")`."""
        asked = SearchRequest(query=request) if isinstance(request, str) else request
        return Search(self.memories.Search(asked, timeout=timeout, metadata=metadata))

    def list_memories(
        self,
        request: ListMemoriesRequest | None = None,
        *,
        timeout: float | None = None,
        metadata: Metadata | None = None,
    ) -> Iterator[Memory]:
        """Goes through all memories that match, newest first, over as many pages as it takes; `timeout` is for each page."""
        page = ListMemoriesRequest()
        if request is not None:
            page.CopyFrom(request)
        while True:
            response = self.memories.ListMemories(page, timeout=timeout, metadata=metadata)
            yield from response.memories
            if not response.next_page_token:
                return
            page.page_token = response.next_page_token

    def close(self) -> None:
        """Ends what still runs, as Canceled, and closes the connection. Calls after that raise RuntimeError."""
        self.channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connect(settings: Settings) -> grpc.Channel:
    parts = urlsplit(settings.url)
    if parts.path:
        raise ValueError(f"url is {settings.url!r}; gRPC knows no path")
    target = f"{parts.netloc}" if parts.port else f"{parts.netloc}:{443 if settings.secure else 80}"
    options = [
        # What may be repeated is decided here and nowhere else.
        ("grpc.enable_retries", 0),
        ("grpc.primary_user_agent", user_agent(f"grpcio/{grpc.__version__}")),
    ]
    if not settings.secure:
        return grpc.insecure_channel(target, options)
    return grpc.secure_channel(target, grpc.ssl_channel_credentials(settings.ca), options)
