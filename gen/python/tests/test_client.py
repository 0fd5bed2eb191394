"""What the clients do where no server answers."""

import os
import signal
import socket
import threading
import time
import unittest

from cairn_memory import Canceled, Cancellation, Client, DeadlineExceeded, Unavailable
from cairn_memory.v1 import GetMemoryRequest, MemoryInput, WriteMemoryRequest

REQUEST = GetMemoryRequest(memory_id="00000000-0000-7000-8000-000000000000")


class SilentServerTest(unittest.TestCase):
    """Against a server that accepts connections and says nothing."""

    def setUp(self) -> None:
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}"

    def test_ctrl_c_ends_a_waiting_call_at_once(self) -> None:
        # A job in the background of a shell ignores the signal, and Python leaves it at that.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        with Client(self.url) as cairn:
            began = time.monotonic()
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
            with self.assertRaises(KeyboardInterrupt):
                cairn.memories.get_memory(REQUEST)
            self.assertLess(time.monotonic() - began, 5)

    def test_a_deadline_is_a_timeout_error(self) -> None:
        with Client(self.url) as cairn, self.assertRaises(TimeoutError) as caught:
            cairn.memories.get_memory(REQUEST, timeout_ms=100)
        self.assertIsInstance(caught.exception, DeadlineExceeded)

    def test_closing_ends_what_other_threads_wait_for(self) -> None:
        cairn = Client(self.url)
        threading.Timer(0.2, cairn.close).start()
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
            with self.assertRaises(Unavailable):
                cairn.memories.get_memory(REQUEST, timeout_ms=1000)
            took = time.monotonic() - began
        self.assertGreater(took, 0.2)
        self.assertLess(took, 1.5)

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
