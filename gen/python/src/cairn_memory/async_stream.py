"""The answers of one call for asyncio."""

from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Generic, Self, TypeVar

from .waiting import Waiting

T = TypeVar("T")


class AsyncMessageStream(Generic[T]):
    """Messages as they come: `async for message in stream`.

    Leaving `async with`, `aclose()` (from any task) and dropping the object all end the call on the server, wherever it stands.
    """

    def __init__(self, messages: AsyncGenerator[T, None]) -> None:
        self._messages = messages
        self._waiting = Waiting("the stream was closed")
        self._is_closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._is_closed:
            raise StopAsyncIteration
        with self._waiting.step():
            return await anext(self._messages)

    async def aclose(self) -> None:
        """Ends the call; a task that waits for a message gets Canceled. Doing so again changes nothing."""
        self._is_closed = True
        # A generator cannot be closed while a step of it runs.
        await self._waiting.end()
        await self._messages.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
