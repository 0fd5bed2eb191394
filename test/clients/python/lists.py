"""Steps 28 to 30: lists, and a memory's history to its end."""

from stage import Stage, expect, fails


def notes(stage: Stage, token: str = "") -> object:
    v1 = stage.port.v1
    return v1.ListMemoriesRequest(filter=v1.MemoryFilter(kinds=["note"]), page_size=7, page_token=token)


def paging(stage: Stage) -> None:
    listed = [memory.id for memory in stage.port.list_all(notes(stage))]
    expect("memories", len(set(listed)), 100)
    expect("ids descending", listed, sorted(listed, reverse=True))
    by_tokens: list[str] = []
    pages, token = 0, ""
    while pages == 0 or token:
        page = stage.memories("list_memories", notes(stage, token))
        by_tokens += [memory.id for memory in page.memories]
        pages, token = pages + 1, page.next_page_token
    expect("pages", pages, 15)
    expect("by tokens", by_tokens, listed)


def filters(stage: Stage) -> None:
    v1 = stage.port.v1
    bern = v1.LinkedEntity(type="city", id="bern")
    for subject, tags, linked in (("bob", ["red"], []), ("bob", ["red", "blue"], [bern]), ("eve", ["blue"], [])):
        stage.write(
            v1.MemoryInput(
                subject_type="person",
                subject_id=subject,
                kind="deal",
                content=f"A deal with {subject}",
                tags=tags,
                linked_entities=linked,
            )
        )
    expect("by subject", len(stage.listed(kinds=["deal"], subject_type="person", subject_id="bob")), 2)
    expect("by all tags", len(stage.listed(kinds=["deal"], tags_all=["red", "blue"])), 1)
    expect("by no tag", len(stage.listed(kinds=["deal"], tags_none=["red"])), 1)
    expect("by linked entity", len(stage.listed(kinds=["deal"], linked_entity=bern)), 1)


def history_and_purge(stage: Stage) -> None:
    v1, drink = stage.port.v1, stage.drink_id
    history = lambda: stage.memories("list_revisions", v1.ListRevisionsRequest(memory_id=drink)).revisions
    numbers = [revision.revision for revision in history()]
    expect("revisions", numbers, list(range(len(numbers), 0, -1)))
    expect("more than one", len(numbers) > 1, True)
    purged = stage.memories("purge_memory", v1.PurgeMemoryRequest(memory_id=drink))
    expect("id", purged.memory_id, drink)
    fails("NOT_FOUND", "MEMORY_NOT_FOUND", lambda: stage.get(drink, show_deleted=True))
    (tombstone,) = history()
    expect("change", stage.port.name_of("Change", tombstone.change), "PURGED")
    expect("memory is set", stage.port.has(tombstone, "memory"), False)


STEPS = [paging, filters, history_and_purge]
