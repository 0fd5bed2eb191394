"""Requests from what is convenient to say."""

import copy

from .v1 import ListMemoriesRequest, MemoryFilter, SearchMode, SearchRequest


def search_request(
    query: str | SearchRequest, limit: int | None, mode: SearchMode | None, filter: MemoryFilter | None
) -> SearchRequest:
    """A request of its own from a query, or from a whole request and what is said beside it."""
    request = SearchRequest(query=query) if isinstance(query, str) else copy.copy(query)
    if limit is not None:
        request.limit = limit
    if mode is not None:
        request.mode = mode
    if filter is not None:
        request.filter = filter
    return request


def list_request(request: ListMemoriesRequest | MemoryFilter | None) -> ListMemoriesRequest:
    """A request of its own, whose page_token may be set."""
    if isinstance(request, MemoryFilter):
        return ListMemoriesRequest(filter=request)
    return ListMemoriesRequest() if request is None else copy.copy(request)
