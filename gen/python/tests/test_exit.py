"""What becomes of a process that ends right after its last call."""

import subprocess
import sys
import unittest

from faulty_server import FaultyServer

# The thread that reports an answer is held up where it has let go of the GIL, and asks for it again while the interpreter ends.
HELD_UP = """
import asyncio, sys, threading, time
from cairn_memory import AsyncClient, CairnError, Client
from cairn_memory.v1 import GetMemoryRequest
from asyncio.selector_events import BaseSelectorEventLoop

wake = BaseSelectorEventLoop._write_to_self

def wake_and_dawdle(loop):
    wake(loop)
    if threading.get_ident() not in {one.ident for one in threading.enumerate()}:
        time.sleep(0.2)

BaseSelectorEventLoop._write_to_self = wake_and_dawdle

class EndsSlowly:
    def __del__(self, sleep=time.sleep):
        sleep(0.5)

sys.ends_slowly = EndsSlowly()
"""
CLIENTS = {
    "a client that is closed": """
with Client({url!r}, "key", max_attempts=1) as cairn:
    try:
        cairn.memories.get_memory(GetMemoryRequest())
    except CairnError as error:
        print(error.code.name)
""",
    "a client that is left open": """
cairn = Client({url!r}, "key", max_attempts=1)
try:
    cairn.memories.get_memory(GetMemoryRequest())
except CairnError as error:
    print(error.code.name)
""",
    "an asynchronous client": """
async def main():
    async with AsyncClient({url!r}, "key", max_attempts=1) as cairn:
        try:
            await cairn.memories.get_memory(GetMemoryRequest())
        except CairnError as error:
            print(error.code.name)
asyncio.run(main())
""",
}


class ExitTest(unittest.TestCase):
    """A process that ends while the answer's thread is still on its way out of Python."""

    def test_ends_as_it_should(self) -> None:
        server = FaultyServer("none", times=0)
        self.addCleanup(server.close)
        for name, program in CLIENTS.items():
            with self.subTest(name):
                argv = [sys.executable, "-c", HELD_UP + program.format(url=server.url)]
                ended = subprocess.run(argv, capture_output=True, text=True, timeout=60)
                self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, "UNIMPLEMENTED\n", ""))


if __name__ == "__main__":
    unittest.main()
