"""An event loop in a thread of its own, on which a synchronous client's calls are made.

A thread that waits for it can be interrupted (Ctrl-C) and the call be cancelled, neither of which pyqwest's own synchronous client lets us do.
"""

import asyncio
import concurrent.futures
import os
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from .async_stream import AsyncMessageStream
from .cancellation import watch
from .errors import Canceled, Code
from .last_reports import await_last_reports

T = TypeVar("T")
_STOP_SECONDS = 5.0
_LAST_SECONDS = 0.5


class Bridge:
    """Runs coroutines for threads that wait."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._closing = False
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=_serve, args=(self._loop,), name="cairn-memory", daemon=True)
        thread.start()
        self._finish = weakref.finalize(self, _stop, self._loop, thread)

    @property
    def alive(self) -> bool:
        """False after close(), and in a forked process."""
        return not self._closing and self._finish.alive and self._process == os.getpid()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for a coroutine. Raises what it raises, and Canceled where it was cancelled."""
        future = self.start(work)
        watch(future)
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise Canceled(Code.CANCELED, "the call was cancelled by the caller") from None
        finally:
            future.cancel()

    def start(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Starts a coroutine. Raises RuntimeError after close() and in a forked process."""
        if not self.alive:
            work.close()
            closed = "the client is closed" if self._process == os.getpid() else "a client does not outlive fork()"
            raise RuntimeError(f"{closed}; make another one")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs a last coroutine, cancels what still runs then and ends the thread; doing so again changes nothing."""
        if not self.alive:
            return
        # At once: a call that came now would be lost.
        self._closing = True
        try:
            asyncio.run_coroutine_threadsafe(last(), self._loop).result(_STOP_SECONDS)
        finally:
            self._finish()


class MessageStream(Generic[T]):
    """Messages as they come: `for message in stream`.

    Leaving `with`, `close()` (from any thread) and dropping the object all end the call on the server, wherever it stands.
    """

    def __init__(self, bridge: Bridge, messages: AsyncGenerator[T, None]) -> None:
        self._bridge = bridge
        self._messages = AsyncMessageStream(messages)
        self._closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        if self._closed:
            raise StopIteration
        try:
            found = self._bridge.run(_next(self._messages))
        except BaseException:
            self._end()
            raise
        if not found:
            self._closed = True
            raise StopIteration
        return found[0]

    def close(self) -> None:
        """Ends the call; doing so again changes nothing."""
        ended = self._end()
        if ended is not None:
            ended.result(_STOP_SECONDS)

    def _end(self) -> concurrent.futures.Future[None] | None:
        if self._closed:
            return None
        self._closed = True
        try:
            return self._bridge.start(self._messages.aclose())
        except RuntimeError:
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # Without waiting: the collector may run on the loop's own thread.
        if hasattr(self, "_closed"):
            self._end()


async def _next(messages: AsyncMessageStream[T]) -> tuple[T] | tuple[()]:
    # StopAsyncIteration cannot pass through a task.
    try:
        return (await anext(messages),)
    except StopAsyncIteration:
        return ()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        # Streams that are just being closed come to their end; cut off in the midst of it, they complain.
        running = asyncio.all_tasks(loop)
        if running:
            loop.run_until_complete(asyncio.wait(running, timeout=_LAST_SECONDS))
        for task in running:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*running, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    if not thread.is_alive():
        return
    loop.call_soon_threadsafe(loop.stop)
    if threading.current_thread() is not thread:
        thread.join(_STOP_SECONDS)
        # The interpreter may be about to end, for all that is known here.
        await_last_reports()
