"""What the clients do where no server answers."""

import os
import signal
import threading
import time
import unittest
from collections.abc import Callable

from faulty_server import FaultyServer

from cairn_memory import Canceled, Cancellation, Client, DeadlineExceeded, Unavailable
from cairn_memory.v1 import GetMemoryRequest, MemoryInput, WriteMemoryRequest

REQUEST = GetMemoryRequest(memory_id="00000000-0000-7000-8000-000000000000")


class SilentServerTest(unittest.TestCase):
    """Against a server that takes calls and says nothing."""

    def setUp(self) -> None:
        server = FaultyServer("silent", 99)
        self.addCleanup(server.close)
        self.url = server.url
        self.called = server.called

    def once_called(self, do: Callable[[], object]) -> None:
        """Does something when the call has come."""
        thread = threading.Thread(target=lambda: (self.called.wait(30), do()))
        thread.start()
        self.addCleanup(thread.join)

    def test_ctrl_c_ends_a_waiting_call_at_once(self) -> None:
        # A job in the background of a shell ignores the signal, and Python leaves it at that.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        with Client(self.url) as cairn:
            began = time.monotonic()
            self.once_called(lambda: os.kill(os.getpid(), signal.SIGINT))
            with self.assertRaises(KeyboardInterrupt):
                cairn.memories.get_memory(REQUEST)
            self.assertLess(time.monotonic() - began, 5)

    def test_a_deadline_is_a_timeout_error(self) -> None:
        with Client(self.url) as cairn, self.assertRaises(TimeoutError) as caught:
            cairn.memories.get_memory(REQUEST, timeout_ms=100)
        self.assertIsInstance(caught.exception, DeadlineExceeded)

    def test_closing_ends_what_other_threads_wait_for(self) -> None:
        cairn = Client(self.url)
        self.once_called(cairn.close)
        with self.assertRaises(Canceled):
            cairn.memories.get_memory(REQUEST)
        with self.assertRaisesRegex(RuntimeError, "closed"):
            cairn.memories.get_memory(REQUEST)
        cairn.close()

    def test_a_cancellation_ends_later_calls_too(self) -> None:
        with Client(self.url) as cairn, Cancellation() as cancellation:
            cancellation.cancel()
            with self.assertRaises(Canceled):
                cairn.memories.get_memory(REQUEST)


class NoServerTest(unittest.TestCase):
    """Against an address where nobody listens."""

    def test_says_that_the_server_cannot_be_reached(self) -> None:
        with Client("http://127.0.0.1:1", max_attempts=1) as cairn:
            with self.assertRaisesRegex(Unavailable, "cannot reach http://127.0.0.1:1") as caught:
                cairn.memories.get_memory(REQUEST)
        self.assertEqual((caught.exception.reason, caught.exception.call_id), ("", None))

    def test_repeats_within_the_deadline_alone(self) -> None:
        with Client("http://127.0.0.1:1", max_attempts=1000) as cairn:
            began = time.monotonic()
            # The time may be up between two attempts, or in the midst of one.
            with self.assertRaises((Unavailable, DeadlineExceeded)):
                cairn.memories.get_memory(REQUEST, timeout_ms=1000)
            took = time.monotonic() - began
        self.assertGreater(took, 0.2)
        # A thousand attempts would take half an hour.
        self.assertLess(took, 10)

    def test_a_message_of_a_wrong_type_is_no_failure_of_the_server(self) -> None:
        request = WriteMemoryRequest(memory=MemoryInput(kind="k", content=7))  # type: ignore[arg-type]
        with Client("http://127.0.0.1:1") as cairn, self.assertRaises(TypeError):
            cairn.memories.write_memory(request)

    def test_leaves_the_callers_message_as_it_was(self) -> None:
        request = WriteMemoryRequest(memory=MemoryInput(kind="k", content="c"))
        with Client("http://127.0.0.1:1", max_attempts=1) as cairn, self.assertRaises(Unavailable):
            cairn.memories.write_memory(request)
        self.assertFalse(request.has_field("request_id"))


if __name__ == "__main__":
    unittest.main()
