"""What the clients do with a write that the server still carries out, and with others that it aborts."""

import unittest

from failing import FailingCase
from wires import HTTP1, HTTP2, client_of

from cairn_memory import Code

IN_FLIGHT = ("REQUEST_IN_FLIGHT", "cairn.v1")


class InFlightTest(FailingCase):
    """Against a server that aborts writes."""

    def test_a_write_whose_first_call_still_runs_is_repeated_with_the_same_request_id(self) -> None:
        for wire in HTTP1 + HTTP2:
            server = self.serve("abort", 2, abortion=IN_FLIGHT)
            with self.subTest(wire), client_of(wire, server.url) as cairn:
                cairn.call("write")
                self.assertEqual((server.calls, len(set(server.bodies))), (3, 1))
                # The request_id is all that this write says.
                self.assertGreater(len(server.bodies[0]), 36)

    def test_so_it_is_until_its_attempts_are_used_up(self) -> None:
        server = self.serve("abort", 99, abortion=IN_FLIGHT)
        with client_of("connect", server.url, max_attempts=3) as cairn:
            failure = self.fails(Code.ABORTED, lambda: cairn.call("write"))
            self.assertEqual((failure.reason, server.calls), ("REQUEST_IN_FLIGHT", 3))

    def test_one_that_is_aborted_for_another_reason_or_by_another_is_made_once(self) -> None:
        for abortion in (("REVISION_MISMATCH", "cairn.v1"), ("REQUEST_IN_FLIGHT", "proxy.example")):
            for wire in HTTP1 + HTTP2:
                server = self.serve("abort", 99, abortion=abortion)
                with self.subTest((wire, abortion)), client_of(wire, server.url) as cairn:
                    self.fails(Code.ABORTED, lambda: cairn.call("write"))
                    self.assertEqual(server.calls, 1)


if __name__ == "__main__":
    unittest.main()
