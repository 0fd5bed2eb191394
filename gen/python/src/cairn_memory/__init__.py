"""The client of Cairn, the memory service for software agents. Messages are in `cairn_memory.v1`, grpcio's stubs in `cairn_memory.grpc`."""

from ._version import __version__
from .async_client import AsyncClient
from .async_search import AsyncSearch
from .cancellation import Cancellation
from .client import Client
from .errors import (
    Aborted,
    AlreadyExists,
    CairnError,
    Canceled,
    Code,
    DeadlineExceeded,
    FailedPrecondition,
    Internal,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
)
from .search import Search

__all__ = [
    "Aborted",
    "AlreadyExists",
    "AsyncClient",
    "AsyncSearch",
    "CairnError",
    "Canceled",
    "Cancellation",
    "Client",
    "Code",
    "DeadlineExceeded",
    "FailedPrecondition",
    "Internal",
    "InvalidArgument",
    "NotFound",
    "PermissionDenied",
    "ResourceExhausted",
    "Search",
    "Unauthenticated",
    "Unavailable",
    "__version__",
]
