"""The asyncio client's port: each call is awaited on a loop that goes on running, as a program's does."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from cairn_memory import AsyncClient

from connect_port import OPTIONS, ConnectMessages, headers_of
from port import Found


class AsyncPort(ConnectMessages):
    """cairn_memory.AsyncClient."""

    def __init__(self, wire: str, url: str, key: str, ca: str | None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._client = AsyncClient(url, key, ca=ca, **OPTIONS[wire])

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(
        self, service: str, method: str, request: Any, *, call_id: str | None = None, timeout_ms: int | None = None
    ) -> Any:
        call = getattr(getattr(self._client, service), method)
        return self._run(call(request, headers=headers_of(call_id), timeout_ms=timeout_ms))

    def search(self, request: Any) -> Found:
        async def read() -> Found:
            async with self._client.search(request) as search:
                results = [result async for result in search]
                return Found(results, search.summary)

        return self._run(read())

    def leave_after(self, count: int, request: Any, call_id: str) -> int:
        async def read() -> int:
            seen = 0
            async for _ in self._client.search(request, headers=headers_of(call_id)):
                seen += 1
                if seen == count:
                    break
            return seen

        return self._run(read())

    def cancel_search(self, request: Any, call_id: str) -> BaseException:
        async def read(first: asyncio.Event) -> None:
            async for _ in self._client.search(request, headers=headers_of(call_id)):
                first.set()

        return self._run(self._cancel(read))[0]

    def cancel_get(self, request: Any, call_id: str, await_begin: Callable[[], None]) -> tuple[BaseException, float]:
        async def tell(begun: asyncio.Event) -> None:
            await asyncio.to_thread(await_begin)
            begun.set()

        async def read(begun: asyncio.Event) -> None:
            telling = asyncio.create_task(tell(begun))
            await self._client.memories.get_memory(request, headers=headers_of(call_id))
            await telling

        return self._run(self._cancel(read))

    async def _cancel(self, work: Any) -> tuple[BaseException, float]:
        now = asyncio.Event()
        task = asyncio.create_task(work(now))
        await now.wait()
        began = time.monotonic()
        task.cancel()
        try:
            await task
        except BaseException as error:
            return error, time.monotonic() - began
        raise AssertionError("the call ended as if it had not been cancelled")

    def list_all(self, request: Any) -> Iterable[Any]:
        async def read() -> list[Any]:
            return [memory async for memory in self._client.list_memories(request)]

        return self._run(read())

    def close(self) -> None:
        self._run(self._client.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
