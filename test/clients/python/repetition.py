"""Steps 14 to 18, and 31: what may happen twice, and what may not."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from cairn_memory import CairnError

from stage import Stage, call_id, expect, fails, within


def receipt(stage: Stage, content: str) -> object:
    request_id = f"receipt-{stage.drink_id}"
    return stage.write(stage.port.v1.MemoryInput(kind="receipt", content=content), request_id=request_id)


def idempotent(stage: Stage) -> None:
    first, second = receipt(stage, "Paid 12 euros"), receipt(stage, "Paid 12 euros")
    expect("outcomes", [stage.outcome(first), stage.outcome(second)], ["CREATED", "CREATED"])
    expect("id", second.memory.id, first.memory.id)
    expect("listed", len(stage.listed(kinds=["receipt"])), 1)


def request_id_reused(stage: Stage) -> None:
    fails("INVALID_ARGUMENT", "REQUEST_ID_REUSED", lambda: receipt(stage, "Paid 13 euros"))


def lost_answer(stage: Stage) -> None:
    call = call_id("lose", 1)
    response = stage.write(stage.port.v1.MemoryInput(kind="lost", content="Written once"), call_id=call)
    expect("outcome", stage.outcome(response), "CREATED")
    expect("calls", len(stage.seen(call, 2)), 2)
    expect("listed", len(stage.listed(kinds=["lost"])), 1)


def never_repeated(stage: Stage) -> None:
    call = call_id("refuse", 1)
    request = stage.port.v1.CreateAgentRequest(handle=f"agent-{uuid.uuid4().hex[:12]}-x")
    create = lambda: stage.port.call("agents", "create_agent", request, call_id=call)
    fails("UNAVAILABLE", "STORAGE_UNAVAILABLE", create)
    expect("calls", len(stage.seen(call)), 1)


def read_again(stage: Stage) -> None:
    call = call_id("refuse", 2)
    expect("id", stage.get(stage.drink_id, call_id=call).id, stage.drink_id)
    expect("calls", len(stage.seen(call, 3)), 3)
    with within(4):
        try:
            stage.get(stage.drink_id, call_id=call_id("refuse", 1000), timeout_ms=1000)
        except CairnError as error:
            expect("one of both", error.code.name in ("UNAVAILABLE", "DEADLINE_EXCEEDED"), True)
        else:
            raise AssertionError("a call that is always refused succeeded")


def at_once(stage: Stage) -> None:
    call = call_id("hold", 2)
    memory = stage.port.v1.MemoryInput(kind="twice", content="Said twice at once")
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(stage.write, memory, call_id=call, request_id=f"twice-{stage.drink_id}") for _ in range(2)]
        first, second = [one.result() for one in both]
    expect("outcomes", [stage.outcome(first), stage.outcome(second)], ["CREATED", "CREATED"])
    expect("id", second.memory.id, first.memory.id)
    codes = Counter(each["code"] for each in stage.seen(call, 4))
    expect("done", codes.pop("ok"), 2)
    expect(
        f"two and more refused, and nothing else: {codes}", list(codes) == ["aborted"] and codes["aborted"] >= 2, True
    )
    expect("listed", len(stage.listed(kinds=["twice"])), 1)


STEPS = [idempotent, request_id_reused, lost_answer, never_repeated, read_again]
