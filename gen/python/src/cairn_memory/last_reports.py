"""Lets pyqwest's threads leave Python before the interpreter ends.

They hand each answer to the event loop. One that asks an ending interpreter for the GIL ends, up to Python 3.13, the process with it.
"""

import atexit
import sys
import time
from types import FrameType

_LONGEST_SECONDS = 1.0
# Without the GIL, for a thread that waits for it and is not in Python yet.
_MOMENT_SECONDS = 0.005


def await_last_reports() -> None:
    """Waits, a second at most, until no thread is about to hand something to an event loop."""
    deadline = time.monotonic() + _LONGEST_SECONDS
    time.sleep(_MOMENT_SECONDS)
    while any(map(_reports, sys._current_frames().values())) and time.monotonic() < deadline:
        time.sleep(_MOMENT_SECONDS)


def _reports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "call_soon_threadsafe":
            return True
        frame = frame.f_back
    return False


atexit.register(await_last_reports)
