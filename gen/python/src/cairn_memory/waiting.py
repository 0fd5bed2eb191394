"""Ending from outside what tasks wait for, in the way of asyncio.timeout()."""

import asyncio
from types import TracebackType

from .errors import Canceled, Code


class Waiting:
    """What tasks wait for inside of `with waiting.step():`. After `end()` each of these waits raises Canceled."""

    def __init__(self, why: str) -> None:
        """`why` is the message of Canceled."""
        self.why = why
        self._steps: set[_Step] = set()

    def step(self) -> "_Step":
        """A wait of the current task."""
        return _Step(self)

    async def end(self) -> None:
        """Ends the waits of all other tasks and waits until they are over."""
        steps = list(self._steps)
        for step in steps:
            step.end()
        for step in steps:
            await step.over.wait()


class _Step:
    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._is_ended = False
        self.over = asyncio.Event()

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "asyncio runs coroutines in tasks"
        self._task = task
        self._cancels_before = task.cancelling()
        self._waiting._steps.add(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting._steps.discard(self)
        self.over.set()
        cancels = self._task.uncancel() if self._is_ended else self._task.cancelling()
        # Somebody else may have cancelled the task as well: then it stays cancelled. Where the answer came at the same time,
        # asyncio.wait_for() of Python 3.11 passes that answer on in place of the cancellation.
        if cancels > self._cancels_before:
            if kind is not asyncio.CancelledError:
                raise asyncio.CancelledError from error
        elif self._is_ended and kind is asyncio.CancelledError:
            raise Canceled(Code.CANCELED, self._waiting.why) from None

    def end(self) -> None:
        """Makes the task's wait raise Canceled."""
        if not self._is_ended:
            self._is_ended = True
            self._task.cancel()
