"""What the clients make of calls whose connection or stream is lost: unavailable, and repeated where that is safe."""

import unittest

from connectrpc.errors import ConnectError
from failing import FailingCase
from pyqwest import ConnectTimeout
from wires import HTTP1, HTTP2, client_of

from cairn_memory import Code
from cairn_memory.lost import is_lost

CUTS = ("cut", "end")
RESETS = ("reset-0", "reset-2", "reset-8")


class LostTest(FailingCase):
    """Against a server that loses its first call, and does not know the method of the second."""

    def expect_repeated(self, wire: str, call: str, fault: str, begun: bool = False) -> None:
        server = self.serve(fault, begun=begun)
        with self.subTest((wire, call, fault, begun)), client_of(wire, server.url) as cairn:
            is_safe = call != "purge"
            self.fails(Code.UNIMPLEMENTED if is_safe else Code.UNAVAILABLE, lambda: cairn.call(call))
            self.assertEqual(server.calls, 2 if is_safe else 1)

    def test_a_lost_call_is_repeated_but_for_a_purge(self) -> None:
        for wire in HTTP1 + HTTP2:
            for fault in CUTS if wire in HTTP1 else (*CUTS, "reset-8"):
                for call in ("read", "search", "write", "purge"):
                    self.expect_repeated(wire, call, fault)

    def test_so_is_one_whose_answer_had_begun(self) -> None:
        for wire in HTTP1 + HTTP2:
            for fault in CUTS if wire in HTTP1 else (*CUTS, *RESETS, "goaway"):
                for call in ("read", "search", "purge"):
                    self.expect_repeated(wire, call, fault, begun=True)

    def test_so_is_one_whose_answer_ends_before_its_status(self) -> None:
        for wire in HTTP1 + HTTP2:
            # Over Connect, what has one answer has no end but that of HTTP.
            for call in ("search",) if wire.startswith("connect") else ("read", "search", "purge"):
                self.expect_repeated(wire, call, "unfinished", begun=True)

    def test_a_call_begun_on_a_connection_that_was_just_closed_is_lost(self) -> None:
        for wire in HTTP1 + HTTP2:
            for _ in range(12):
                server = self.serve("")
                with self.subTest(wire), client_of(wire, server.url, max_attempts=1) as cairn:
                    self.fails(Code.UNIMPLEMENTED, lambda: cairn.call("purge"))
                    server.leave()
                    self.fails(Code.UNAVAILABLE, lambda: cairn.call("purge"))

    def test_a_connection_that_takes_too_long_to_make_is_no_deadline_of_the_call(self) -> None:
        try:
            raise ConnectError(Code.DEADLINE_EXCEEDED, "Request timed out") from ConnectTimeout()
        except ConnectError as error:
            self.assertTrue(is_lost(error))
        self.assertFalse(is_lost(ConnectError(Code.DEADLINE_EXCEEDED, "Request timed out")))


if __name__ == "__main__":
    unittest.main()
