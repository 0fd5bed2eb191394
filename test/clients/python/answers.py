"""Steps 24 to 27: refusals, and texts of every script."""

import uuid
from contextlib import closing

from stage import Stage, expect, fails

UNICODE = "Grüße 你好 שלום 👋🏽 "
LONGEST = 50_000


def who_are_you(stage: Stage) -> None:
    for key, reason in (("", "CREDENTIALS_MISSING"), ("cairn_wrong", "CREDENTIALS_INVALID")):
        with closing(stage.with_key(key)) as port:
            request = port.v1.GetMemoryRequest(memory_id=stage.drink_id)
            fails("UNAUTHENTICATED", reason, lambda: port.call("memories", "get_memory", request))


def forbidden(stage: Stage) -> None:
    with closing(stage.with_key(stage.run["read_key"])) as port:
        request = port.v1.WriteMemoryRequest(memory=stage.drink())
        write = lambda: port.call("memories", "write_memory", request)
        fails("PERMISSION_DENIED", "SCOPE_MISSING", write, scope="memory:write")


def not_found_not_valid(stage: Stage) -> None:
    fails("NOT_FOUND", "MEMORY_NOT_FOUND", lambda: stage.get(str(uuid.uuid4())))
    fails("INVALID_ARGUMENT", "INVALID_FIELD", lambda: stage.get("abc"), field="memory_id")


def unicode(stage: Stage) -> None:
    v1 = stage.port.v1
    text = (UNICODE * LONGEST)[:LONGEST]
    written = stage.write(v1.MemoryInput(kind="text", content=text))
    expect("content is equal", stage.get(written.memory.id).content == text, True)
    longer = v1.MemoryInput(kind="text", content=text + "x")
    fails("INVALID_ARGUMENT", "INVALID_FIELD", lambda: stage.write(longer), field="memory.content")


STEPS = [who_are_you, forbidden, not_found_not_valid, unicode]
