"""What the ports of the two clients that block have in common."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

from port import Found


def cancel_later(await_begin: Callable[[], None], cancel: Callable[[], object]) -> "Future[float]":
    """Cancels, from another thread, once a call has begun; answers when."""
    when: Future[float] = Future()

    def wait() -> None:
        await_begin()
        when.set_result(time.monotonic())
        cancel()

    threading.Thread(target=wait, daemon=True).start()
    return when


class BlockingPort:
    """A client that is called and waited for."""

    _client: Any

    def begin(self, request: Any, call_id: str | None = None) -> Any:
        """Begins a search."""
        raise NotImplementedError

    def search(self, request: Any) -> Found:
        with self.begin(request) as search:
            results = list(search)
            return Found(results, search.summary)

    def leave_after(self, count: int, request: Any, call_id: str) -> int:
        seen = 0
        for _ in self.begin(request, call_id):
            seen += 1
            if seen == count:
                break
        return seen

    def list_all(self, request: Any) -> Iterable[Any]:
        return self._client.list_memories(request)

    def close(self) -> None:
        self._client.close()
