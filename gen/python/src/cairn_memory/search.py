"""A search's answers."""

from types import TracebackType
from typing import Self

from .bridge import MessageStream
from .v1 import SearchResponse, SearchResult, SearchSummary


class Search:
    """The results of a search as they come, best first: `for result in search`.

    Leaving `with`, `close()` (from any thread) and dropping the object all end the search on the server, wherever it stands.
    """

    summary: SearchSummary | None
    """How the search went. None until its end has been read."""

    def __init__(self, responses: MessageStream[SearchResponse]) -> None:
        self.summary = None
        self._responses = responses

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> SearchResult:
        for response in self._responses:
            part = response.part
            if part is None:
                continue
            if part.field == "result":
                return part.value
            self.summary = part.value
        raise StopIteration

    def close(self) -> None:
        """Ends the search; doing so again changes nothing."""
        self._responses.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
