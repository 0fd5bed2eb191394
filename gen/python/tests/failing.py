"""What tests of failing calls share."""

import unittest
from collections.abc import Callable
from typing import Any

from faulty_server import FaultyServer

from cairn_memory import CairnError, Code


class FailingCase(unittest.TestCase):
    """A test against servers that mistreat calls."""

    def serve(self, fault: str, times: int = 1, **options: Any) -> FaultyServer:
        """A server for the test."""
        server = FaultyServer(fault, times, **options)
        self.addCleanup(server.close)
        return server

    def fails(self, code: Code, call: Callable[[], object]) -> CairnError:
        """Fails the test where a call does not fail with that code."""
        with self.assertRaises(CairnError) as caught:
            call()
        self.assertEqual(caught.exception.code, code, caught.exception)
        return caught.exception
