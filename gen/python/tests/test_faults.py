"""What the clients do with deadlines, and when they are closed or left in the midst of a call."""

import asyncio
import copy
import math
import pickle
import threading
import time
import traceback
import unittest
from collections.abc import Callable
from typing import Any, get_args

from failing import FailingCase
from faulty_server import FaultyServer
from protobuf import Oneof
from wires import READ, client_of

import cairn_memory.grpc as on_grpcio
import cairn_memory.grpc.v1 as grpcio_v1
from cairn_memory import AsyncClient, CairnError, Canceled, Cancellation, Client, Code, DeadlineExceeded, NotFound
from cairn_memory.caller import Protocol
from cairn_memory.v1 import SearchResponse, SearchResult
from cairn_memory.waiting import Waiting

PROTOCOLS = get_args(Protocol)


class FaultsTest(FailingCase):
    """Against a server that mistreats calls."""

    def test_closing_on_grpcio_ends_what_waits_for_its_next_attempt(self) -> None:
        for name in ("read", "search"):
            server = self.serve("503", 99)
            with self.subTest(name), client_of("grpcio", server.url, max_attempts=99) as cairn:
                closing = threading.Thread(target=lambda: (server.called.wait(30), cairn.close()))
                closing.start()
                self.fails(Code.CANCELED, lambda: cairn.call(name))
                with self.assertRaisesRegex(RuntimeError, "closed"):
                    cairn.call(name)
                closing.join()

    def test_a_client_closes_inside_of_a_cancellation_that_has_struck(self) -> None:
        with Cancellation() as cancellation, Client(self.serve("silent").url) as cairn:
            cancellation.cancel()
            self.fails(Code.CANCELED, lambda: cairn.memories.get_memory(READ))
        with self.assertRaisesRegex(RuntimeError, "closed"):
            cairn.memories.get_memory(READ)

    def test_a_search_and_its_client_are_dropped_together_without_a_word(self) -> None:
        first = SearchResponse(part=Oneof("result", SearchResult(rank=1)))
        server = self.serve("stall", 99, message=first.to_binary())

        def best() -> int:
            for result in Client(server.url).search("tea"):
                return result.rank
            return 0

        with self.assertNoLogs("asyncio"):
            self.assertEqual({best() for _ in range(30)}, {1})

    def test_a_deadline_may_be_past_endless_or_longer_than_any_header(self) -> None:
        server = self.serve("")
        for protocol in PROTOCOLS:
            with self.subTest(protocol), Client(server.url, protocol=protocol) as cairn:
                self.expect_deadlines(lambda ms: cairn.memories.get_memory(READ, timeout_ms=ms))
        with on_grpcio.Client(server.url) as cairn_on_grpcio:
            self.expect_deadlines(
                lambda ms: cairn_on_grpcio.memories.GetMemory(grpcio_v1.GetMemoryRequest(), timeout=ms / 1000)
            )

    def expect_deadlines(self, call: Callable[[Any], object]) -> None:
        for past in (0, -1):
            self.fails(Code.DEADLINE_EXCEEDED, lambda: call(past))
        for long in (2**31, 10**15, math.inf):
            self.fails(Code.UNIMPLEMENTED, lambda: call(long))
        with self.assertRaisesRegex(ValueError, "NaN"):
            call(math.nan)

    def test_repeats_no_longer_than_the_deadline(self) -> None:
        with Client(self.serve("503", 99).url, max_attempts=99) as cairn:
            began = time.monotonic()
            with self.assertRaises(CairnError):
                cairn.memories.get_memory(READ, timeout_ms=700)
            # Its 99 attempts would take minutes.
            self.assertLess(time.monotonic() - began, 10)

    def test_an_error_is_copied_and_pickled_whole_and_shows_no_key(self) -> None:
        error = NotFound(Code.NOT_FOUND, "gone", reason="MEMORY_NOT_FOUND", metadata={"a": "b"}, call_id="c")
        for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
            self.assertIs(type(other), NotFound)
            self.assertEqual((str(other), vars(other)), (str(error), vars(error)))
        key = "cairn_" + "secret"
        with Client(self.serve("").url, key) as cairn:
            failure = self.fails(Code.UNIMPLEMENTED, lambda: cairn.memories.get_memory(READ))
            shown = [*traceback.format_exception(failure), repr(vars(failure)), repr(cairn._caller._settings)]
        self.assertFalse([text for text in shown if key in text])


class AsyncFaultsTest(unittest.IsolatedAsyncioTestCase):
    """The same for asyncio."""

    def connect(self, protocol: Protocol, fault: str) -> AsyncClient:
        server = FaultyServer(fault, 99)
        self.addCleanup(server.close)
        return AsyncClient(server.url, protocol=protocol, max_attempts=99)

    async def test_closing_ends_calls_that_run_or_wait_for_their_next_attempt(self) -> None:
        for protocol in PROTOCOLS:
            for fault in ("silent", "503"):
                cairn = self.connect(protocol, fault)
                calls = [cairn.memories.get_memory(READ), anext(cairn.search("tea"))]
                tasks = [asyncio.ensure_future(call) for call in calls]
                await asyncio.sleep(0.3)
                await cairn.aclose()
                with self.subTest((protocol, fault)):
                    async with asyncio.timeout(5):
                        ended = await asyncio.gather(*tasks, return_exceptions=True)
                    self.assertEqual([type(one) for one in ended], [Canceled, Canceled])
                    self.assertEqual([task.cancelling() for task in tasks], [0, 0])
                    with self.assertRaisesRegex(RuntimeError, "closed"):
                        await cairn.memories.get_memory(READ)
                    await cairn.aclose()

    async def test_closing_ends_a_call_whose_failure_comes_at_the_same_time(self) -> None:
        for protocol in PROTOCOLS:
            for turns in range(12):
                server = FaultyServer("503", 99)
                self.addCleanup(server.close)
                cairn = AsyncClient(server.url, protocol=protocol, max_attempts=99)
                task = asyncio.ensure_future(cairn.memories.get_memory(READ))
                while not server.called.is_set() and not task.done():
                    await asyncio.sleep(0.001)
                # The answer comes while the loop stands still, and is on its way to the call for some turns of it.
                time.sleep(0.02)
                for _ in range(turns):
                    await asyncio.sleep(0)
                await cairn.aclose()
                with self.subTest((protocol, turns)), self.assertRaises(Canceled):
                    await task

    async def test_a_search_is_closed_while_another_task_reads_it(self) -> None:
        for protocol in PROTOCOLS:
            async with self.connect(protocol, "silent") as cairn:
                search = cairn.search("tea")
                reading = asyncio.ensure_future(anext(search))
                await asyncio.sleep(0.2)
                await search.aclose()
                with self.subTest(protocol), self.assertRaises(Canceled):
                    async with asyncio.timeout(5):
                        await reading
                with self.assertRaises(StopAsyncIteration):
                    await anext(search)

    async def test_a_cancelled_task_stays_cancelled(self) -> None:
        for protocol in PROTOCOLS:
            for fault in ("silent", "503"):
                async with self.connect(protocol, fault) as cairn:
                    task = asyncio.ensure_future(cairn.memories.get_memory(READ))
                    await asyncio.sleep(0.2)
                    task.cancel()
                    with self.subTest((protocol, fault)), self.assertRaises(asyncio.CancelledError):
                        await task
                    with self.assertRaises(TimeoutError) as caught:
                        async with asyncio.timeout(0.1):
                            await anext(cairn.search("tea"))
                    self.assertNotIsInstance(caught.exception, DeadlineExceeded)

    async def test_a_cancellation_is_not_lost_to_an_answer_that_comes_at_the_same_time(self) -> None:
        async def answers_when_cancelled(answer: Callable[[], object]) -> object:
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                return answer()
            return None

        async def call(answer: Callable[[], object]) -> object:
            with Waiting("the client is closed").step():
                return await answers_when_cancelled(answer)

        for name, answer in {"success": lambda: 1, "failure": lambda: 1 // 0}.items():
            task = asyncio.ensure_future(call(answer))
            await asyncio.sleep(0)
            task.cancel()
            with self.subTest(name), self.assertRaises(asyncio.CancelledError):
                await task


if __name__ == "__main__":
    unittest.main()
