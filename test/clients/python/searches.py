"""Steps 19 to 23: batches, searches, and how they end."""

import asyncio
from concurrent.futures import CancelledError

from cairn_memory import CairnError, Canceled

from stage import Stage, call_id, expect, fails, within, write_notes

MOST_MESSAGES = 20


def batch_of(stage: Stage, kind: str, atomic: bool) -> object:
    v1 = stage.port.v1
    memories = [v1.MemoryInput(kind=kind, content=content) for content in ("First", " ", "Third")]
    writes = [v1.WriteMemoryRequest(memory=memory) for memory in memories]
    return stage.memories("batch_write_memories", v1.BatchWriteMemoriesRequest(writes=writes, atomic=atomic))


def batch(stage: Stage) -> None:
    first, second, third = batch_of(stage, "batch", atomic=False).results
    expect("outcomes", [stage.outcome(first), stage.outcome(third)], ["CREATED", "CREATED"])
    expect("code", second.error.code, 3)
    expect("field", second.error.field, "memory.content")
    fails("INVALID_ARGUMENT", "INVALID_FIELD", lambda: batch_of(stage, "atomic", atomic=True))
    expect("listed", len(stage.listed(kinds=["atomic"])), 0)


def harbour(stage: Stage) -> object:
    v1 = stage.port.v1
    return v1.SearchRequest(query="harbour", filter=v1.MemoryFilter(kinds=["note"]), limit=100)


def search(stage: Stage) -> None:
    write_notes(stage)
    found = stage.port.search(harbour(stage))
    expect("ranks", [result.rank for result in found.results], list(range(1, 101)))
    scores = [result.score for result in found.results]
    expect("scores never rise", scores, sorted(scores, reverse=True))
    expect("count", found.summary.count, 100)


def stop_early(stage: Stage) -> None:
    call = call_id("pace", 100)
    expect("results", stage.port.leave_after(5, harbour(stage), call), 5)
    (seen,) = stage.seen(call)
    expect("the server saw its end", seen["code"] != "ok", True)
    expect(f"at most {MOST_MESSAGES} messages of {seen}", seen["messages"] <= MOST_MESSAGES, True)


def is_cancelled(error: BaseException) -> bool:
    own = isinstance(error, (Canceled, CancelledError, asyncio.CancelledError))
    return own or type(error).__name__ == "FutureCancelledError"


def cancel(stage: Stage) -> None:
    call = call_id("pace", 100)
    with within(4):
        error = stage.port.cancel_search(harbour(stage), call)
    expect(f"cancelled, not {error!r}", is_cancelled(error), True)
    (seen,) = stage.seen(call)
    expect("code", seen["code"], "canceled")
    expect(f"at most {MOST_MESSAGES} messages of {seen}", seen["messages"] <= MOST_MESSAGES, True)
    call = call_id("delay", 5000)
    request = stage.port.v1.GetMemoryRequest(memory_id=stage.drink_id)
    error, took = stage.port.cancel_get(request, call, lambda: stage.await_begin(call))
    expect(f"it took {took:.2f} s from its cancellation on", took < 4, True)
    expect(f"cancelled, not {error!r}", is_cancelled(error), True)
    expect("codes", [each["code"] for each in stage.seen(call)], ["canceled"])


def deadline(stage: Stage) -> None:
    with within(4):
        try:
            stage.get(stage.drink_id, call_id=call_id("delay", 5000), timeout_ms=200)
        except CairnError as error:
            expect("code", error.code.name, "DEADLINE_EXCEEDED")
        else:
            raise AssertionError("a call outlived its deadline")


STEPS = [batch, search, stop_early, cancel, deadline]
