"""Steps 1 to 13: writing, and a memory's life."""

import time
import uuid
from datetime import UTC, datetime, timedelta

from stage import Stage, expect, fails


def write(stage: Stage) -> None:
    response = stage.write(stage.drink())
    expect("outcome", stage.outcome(response), "CREATED")
    expect("revision", response.memory.revision, 1)
    status = stage.port.name_of("EmbeddingStatus", response.memory.embedding_status)
    expect("embedding_status", status, "ATTACHED")
    stage.drink_id = str(uuid.UUID(response.memory.id))


def read_back(stage: Stage) -> None:
    port = stage.port
    found, written = stage.get(stage.drink_id), stage.drink()
    for field in ("subject_type", "subject_id", "kind", "key", "title", "content", "confidence", "visibility"):
        expect(field, getattr(found, field), getattr(written, field))
    expect("metadata", port.plain(found.metadata), {"cups": 2})
    expect("tags", list(found.tags), ["food", "morning"])
    expect("linked_entities", [(each.type, each.id) for each in found.linked_entities], [("project", "cairn")])
    age = datetime.now(UTC) - port.instant(found.create_time)
    expect("create_time within five minutes", abs(age) < timedelta(minutes=5), True)


def write_again(stage: Stage) -> None:
    response = stage.write(stage.drink())
    expect("outcome", stage.outcome(response), "UNCHANGED")
    expect("id", response.memory.id, stage.drink_id)
    expect("revision", response.memory.revision, 1)


def upsert(stage: Stage) -> None:
    response = stage.write(stage.drink(content="Prefers black coffee", tags=[]))
    expect("outcome", stage.outcome(response), "UPDATED")
    expect("id", response.memory.id, stage.drink_id)
    expect("revision", response.memory.revision, 2)
    expect("tags", list(response.memory.tags), [])


def never_twice(stage: Stage) -> None:
    again = lambda: stage.write(stage.drink(), mode="CREATE_ONLY")
    fails("ALREADY_EXISTS", "MEMORY_ALREADY_EXISTS", again, memory_id=stage.drink_id)


def only_if_there(stage: Stage) -> None:
    fails("NOT_FOUND", "MEMORY_NOT_FOUND", lambda: stage.write(stage.drink(key="nothing"), mode="UPDATE_ONLY"))


def retitle(stage: Stage) -> object:
    v1 = stage.port.v1
    request = v1.UpdateMemoryRequest(
        memory_id=stage.drink_id,
        memory=v1.MemoryInput(title="Hot drink"),
        update_mask=stage.port.mask("title"),
        expected_revision=2,
    )
    return stage.memories("update_memory", request)


def compare_and_set(stage: Stage) -> None:
    response = retitle(stage)
    expect("outcome", stage.outcome(response), "UPDATED")
    expect("revision", response.memory.revision, 3)
    expect("title", response.memory.title, "Hot drink")
    expect("content", response.memory.content, "Prefers black coffee")


def conflict(stage: Stage) -> None:
    fails("ABORTED", "REVISION_MISMATCH", lambda: retitle(stage), revision="3")


def delete_drink(stage: Stage) -> object:
    request = stage.port.v1.DeleteMemoryRequest(memory_id=stage.drink_id)
    return stage.memories("delete_memory", request).memory


def delete(stage: Stage) -> None:
    expect("delete_time is set", stage.port.has(delete_drink(stage), "delete_time"), True)
    fails("NOT_FOUND", "MEMORY_NOT_FOUND", lambda: stage.get(stage.drink_id))
    expect("id", stage.get(stage.drink_id, show_deleted=True).id, stage.drink_id)


def restore(stage: Stage) -> None:
    request = stage.port.v1.RestoreMemoryRequest(memory_id=stage.drink_id)
    restored = stage.memories("restore_memory", request).memory
    expect("delete_time is set", stage.port.has(restored, "delete_time"), False)
    expect("id", stage.get(stage.drink_id).id, stage.drink_id)


def revive(stage: Stage) -> None:
    delete_drink(stage)
    response = stage.write(stage.drink())
    expect("outcome", stage.outcome(response), "REVIVED")
    expect("id", response.memory.id, stage.drink_id)
    expect("delete_time is set", stage.port.has(response.memory, "delete_time"), False)


def expire(stage: Stage) -> None:
    port = stage.port
    ends = datetime.now(UTC) + timedelta(seconds=1.5)
    visit = {"kind": "visit", "key": "today", "content": "Is in the office today"}
    written = stage.write(port.v1.MemoryInput(expire_time=port.timestamp(ends), **visit))
    expect("outcome", stage.outcome(written), "CREATED")
    memory_id = written.memory.id
    expect("id", stage.get(memory_id).id, memory_id)
    time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds() + 0.3))
    fails("NOT_FOUND", "MEMORY_NOT_FOUND", lambda: stage.get(memory_id))
    expect("listed", len(stage.listed(kinds=["visit"])), 0)
    expect("outcome", stage.outcome(stage.write(port.v1.MemoryInput(**visit))), "REVIVED")


def expired_before_it_began(stage: Stage) -> None:
    past = stage.port.timestamp(datetime.now(UTC) - timedelta(hours=1))
    late = lambda: stage.write(stage.port.v1.MemoryInput(kind="visit", content="Was here", expire_time=past))
    fails("INVALID_ARGUMENT", "EXPIRE_TIME_PAST", late)


STEPS = [
    write,
    read_back,
    write_again,
    upsert,
    never_twice,
    only_if_there,
    compare_and_set,
    conflict,
    delete,
    restore,
    revive,
    expire,
    expired_before_it_began,
]
