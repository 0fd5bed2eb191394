"""Which calls are repeated, after which failures, and when."""

import math
import random
import time
import uuid

from .errors import CairnError, Code

_FIRST_DELAY = 0.1
_LONGEST_DELAY = 2.0
# The most that the header of gRPC can say in milliseconds, some 27 hours.
_LONGEST_MS = 99_999_999


class Deadline:
    """The instant until which a call may go on, its repetitions included."""

    def __init__(self, timeout_ms: float | None) -> None:
        """None and infinity: there is no end. Raises ValueError where it is no number."""
        if timeout_ms is not None and math.isnan(timeout_ms):
            raise ValueError("the timeout is NaN; it is a number, or None")
        self._end: float | None = None
        if timeout_ms is not None and timeout_ms != math.inf:
            self._end = time.monotonic() + min(timeout_ms, _LONGEST_MS) / 1000

    def left(self) -> float | None:
        """Seconds left, 0 at least; None: no end."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def left_ms(self) -> int | None:
        """The same in whole milliseconds."""
        left = self.left()
        return None if left is None else int(left * 1000)


def new_request_id() -> str:
    """Makes a write safe to repeat."""
    return str(uuid.uuid4())


def delay_before(attempt: int) -> float:
    """Seconds to wait before an attempt, 2 at least: each twice the one before, half of it by chance."""
    longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** (attempt - 2))
    return longest * random.uniform(0.5, 1.0)


def is_passing(error: CairnError) -> bool:
    """Whether the same call may succeed a moment later; where its first attempt still runs, it gets that one's answer."""
    overloaded = error.code is Code.RESOURCE_EXHAUSTED and error.reason == "OVERLOADED"
    in_flight = error.code is Code.ABORTED and error.reason == "REQUEST_IN_FLIGHT"
    return not error._is_final and (error.code is Code.UNAVAILABLE or overloaded or in_flight)


def pause_before(attempt: int, deadline: Deadline) -> float | None:
    """Seconds to wait before an attempt; None where the deadline would pass meanwhile."""
    delay = delay_before(attempt)
    left = deadline.left()
    return None if left is not None and left <= delay else delay
