"""What the steps of one run share, and the words in which they say what has to come."""

import json
import time
import urllib.request
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from cairn_memory import CairnError

from port import Port


def call_id(verb: str, amount: int = 0) -> str:
    """A fresh x-request-id that the test server obeys."""
    return f"scenario.{verb}.{amount}.{uuid.uuid4().hex}"


def expect(what: str, found: Any, wanted: Any) -> None:
    """Fails the step where two values differ."""
    if found != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {found!r}")


def fails(code: str, reason: str, call: Callable[[], Any], **metadata: str) -> CairnError:
    """Fails the step where a call does not fail as it has to."""
    try:
        came = call()
    except CairnError as error:
        expect("code", error.code.name, code)
        expect("reason", error.reason, reason)
        for name, value in metadata.items():
            expect(f"metadata {name}", error.metadata.get(name), value)
        if error.call_id is None:
            raise AssertionError("the error does not name the call") from error
        return error
    raise AssertionError(f"expected {code} {reason}, got {came!r:.200}")


class Stage:
    """One run: its client, its workspace, and the memory that many steps are about."""

    def __init__(self, control: str, run: dict[str, Any], open_port: Callable[[str], Port]) -> None:
        self._control = control
        self._open_port = open_port
        self.run = run
        self.port = open_port(run["key"])
        self.drink_id = ""

    def with_key(self, key: str) -> Port:
        """Another client; whoever asks closes it."""
        return self._open_port(key)

    def memories(self, method: str, request: Any, **options: Any) -> Any:
        """Calls MemoryService."""
        return self.port.call("memories", method, request, **options)

    def get(self, memory_id: str, **options: Any) -> Any:
        """Reads a memory."""
        fields = {name: options.pop(name) for name in ("show_deleted",) if name in options}
        request = self.port.v1.GetMemoryRequest(memory_id=memory_id, **fields)
        return self.memories("get_memory", request, **options).memory

    def write(self, memory: Any, *, mode: str = "UNSPECIFIED", call_id: str | None = None, **fields: Any) -> Any:
        """Writes a memory."""
        request = self.port.v1.WriteMemoryRequest(memory=memory, mode=self.port.value_of("WriteMode", mode), **fields)
        return self.memories("write_memory", request, call_id=call_id)

    def outcome(self, response: Any) -> str:
        """What a write did, such as `CREATED`."""
        return self.port.name_of("Outcome", response.outcome)

    def listed(self, **filters: Any) -> list[Any]:
        """All memories that a filter lets through, on one page."""
        request = self.port.v1.ListMemoriesRequest(filter=self.port.v1.MemoryFilter(**filters), page_size=100)
        return list(self.memories("list_memories", request).memories)

    def drink(self, **changes: Any) -> Any:
        """The memory that most steps are about."""
        v1, port = self.port.v1, self.port
        fields: dict[str, Any] = {
            "subject_type": "person",
            "subject_id": "ada",
            "kind": "preference",
            "key": "drink",
            "title": "Drink",
            "content": "Prefers green tea in the morning",
            "metadata": port.struct({"cups": 2}),
            "tags": ["food", "morning"],
            "linked_entities": [v1.LinkedEntity(type="project", id="cairn")],
            "confidence": 0.9,
            "visibility": port.value_of("Visibility", "SHARED"),
        }
        return v1.MemoryInput(**(fields | changes))

    def seen(self, call: str, at_least: int = 1) -> list[dict[str, Any]]:
        """What the server saw of a call."""
        with urllib.request.urlopen(f"{self._control}/calls/{call}?at_least={at_least}", timeout=20) as answer:
            return json.load(answer)

    def await_begin(self, call: str) -> None:
        """Waits until a call has reached the server, or the server has waited long enough."""
        urllib.request.urlopen(f"{self._control}/begun/{call}", timeout=20).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.port.close()


def write_notes(stage: Stage) -> None:
    """A hundred memories about the harbour."""
    v1 = stage.port.v1
    writes = [
        v1.WriteMemoryRequest(
            memory=v1.MemoryInput(kind="note", key=f"note-{n:03}", content=f"Note {n:03} about the harbour")
        )
        for n in range(1, 101)
    ]
    response = stage.memories("batch_write_memories", v1.BatchWriteMemoriesRequest(writes=writes, atomic=True))
    expect("results", len(response.results), 100)


class within:
    """Fails the step where the block takes longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = time.monotonic() - self._began
        if error is None and took > self._seconds:
            raise AssertionError(f"took {took:.2f} s, more than {self._seconds}")
