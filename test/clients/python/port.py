"""How the steps speak to a client, whichever of the three it is. Requests are messages of the client's own `v1`, made by keyword."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any, Protocol


@dataclass
class Found:
    """A search that was read to its end."""

    results: list[Any]
    summary: Any


class Port(Protocol):
    """One client, connected with one key."""

    v1: ModuleType

    def call(
        self, service: str, method: str, request: Any, *, call_id: str | None = None, timeout_ms: int | None = None
    ) -> Any:
        """Makes a unary call, such as `memories`, `get_memory`."""

    def search(self, request: Any) -> Found:
        """Reads a search to its end."""

    def leave_after(self, count: int, request: Any, call_id: str) -> int:
        """Leaves a search in the language's own way after so many results; answers how many there were."""

    def cancel_search(self, request: Any, call_id: str) -> BaseException:
        """Cancels a search after its first result; answers what it ended with."""

    def cancel_get(self, request: Any, call_id: str, await_begin: Callable[[], None]) -> tuple[BaseException, float]:
        """Cancels a GetMemory once it has begun; answers what it ended with, and how many seconds after that."""

    def list_all(self, request: Any) -> Iterable[Any]:
        """Goes through all memories by the layer's own iterator."""

    def name_of(self, enum: str, value: Any) -> str:
        """The contract's name of an enum's value without its prefix, such as `CREATED`."""

    def value_of(self, enum: str, name: str) -> Any:
        """The value of such a name."""

    def has(self, message: Any, field: str) -> bool:
        """Whether an optional field is set."""

    def struct(self, values: dict[str, Any]) -> Any:
        """A Struct."""

    def plain(self, struct: Any) -> dict[str, Any]:
        """What a Struct holds."""

    def timestamp(self, at: datetime) -> Any:
        """A Timestamp of an aware datetime."""

    def instant(self, timestamp: Any) -> datetime:
        """An aware datetime of a Timestamp."""

    def mask(self, *paths: str) -> Any:
        """A FieldMask."""

    def close(self) -> None:
        """Closes the client."""
