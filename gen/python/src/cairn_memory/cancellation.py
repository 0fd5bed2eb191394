"""Giving up what a synchronous client is waiting for."""

import concurrent.futures
import threading
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Self

_current: ContextVar["Cancellation | None"] = ContextVar("cairn_memory_cancellation", default=None)


class Cancellation:
    """Ends calls of a synchronous Client from another thread.

    Calls that are made inside `with cancellation:` raise Canceled once some thread has called `cancellation.cancel()`, and end on
    the server. It cannot be used again after that.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: set[concurrent.futures.Future[Any]] = set()
        self._tokens: list[Token[Cancellation | None]] = []
        self._canceled = False

    @property
    def canceled(self) -> bool:
        """Whether `cancel()` has been called."""
        return self._canceled

    def cancel(self) -> None:
        """Ends the running calls, and those to come at once. Any thread may call it, as often as it likes."""
        with self._lock:
            self._canceled = True
            calls = list(self._calls)
        for call in calls:
            call.cancel()

    def __enter__(self) -> Self:
        self._tokens.append(_current.set(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _current.reset(self._tokens.pop())

    def _add(self, call: concurrent.futures.Future[Any]) -> None:
        with self._lock:
            self._calls.add(call)
            canceled = self._canceled
        call.add_done_callback(self._discard)
        if canceled:
            call.cancel()

    def _discard(self, call: concurrent.futures.Future[Any]) -> None:
        with self._lock:
            self._calls.discard(call)


def watch(call: concurrent.futures.Future[Any]) -> None:
    """Lets the Cancellation that the current thread is inside of, if any, end a call."""
    current = _current.get()
    if current is not None:
        current._add(call)
