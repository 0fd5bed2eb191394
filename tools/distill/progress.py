"""Tells on standard error how far a long step is."""

import sys
import time


class Progress:
    """One line that is rewritten on a terminal, and a line every ten seconds elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0
        self.began = self.last = time.monotonic()
        self.terminal = sys.stderr.isatty()

    def add(self, amount: int) -> None:
        self.done += amount
        now = time.monotonic()
        if self.done < self.total and now - self.last < (0.5 if self.terminal else 10):
            return
        self.last = now
        rate = self.done / max(now - self.began, 1e-9)
        left = (self.total - self.done) / max(rate, 1e-9)
        line = f"{self.what}: {self.done}/{self.total} ({rate:.0f}/s, {left:.0f} s left)"
        end = "\n" if not self.terminal or self.done >= self.total else "\r"
        print(line.ljust(78), end=end, file=sys.stderr, flush=True)
