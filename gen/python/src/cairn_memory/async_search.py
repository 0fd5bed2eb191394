"""A search's answers for asyncio."""

from types import TracebackType
from typing import Self

from .async_stream import AsyncMessageStream
from .v1 import SearchResponse, SearchResult, SearchSummary


class AsyncSearch:
    """The results of a search as they come, best first: `async for result in search`.

    Leaving `async with`, `aclose()` (from any task) and dropping the object all end the search on the server, wherever it stands.
    """

    summary: SearchSummary | None
    """How the search went. None until its end has been read."""

    def __init__(self, responses: AsyncMessageStream[SearchResponse]) -> None:
        self.summary = None
        self._responses = responses

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SearchResult:
        async for response in self._responses:
            part = response.part
            if part is None:
                continue
            if part.field == "result":
                return part.value
            self.summary = part.value
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Ends the search; a task that waits for a result gets Canceled. Doing so again changes nothing."""
        await self._responses.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
