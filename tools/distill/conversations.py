"""Reads conversations in LoCoMo's layout: one memory a turn, and questions with the turns that answer them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

ADVERSARIAL = 5
TURN_ID = re.compile(r"D\d+:\d+")


@dataclass(frozen=True)
class Question:
    text: str
    category: int
    evidence: frozenset[int]


@dataclass(frozen=True)
class Conversation:
    """Memories in the order of the turns; a question's evidence is given by their indices."""

    name: str
    memories: list[str]
    speakers: list[str]
    sessions: list[int]
    questions: list[Question]


def read_conversations(folder: Path) -> list[Conversation]:
    return [read_conversation(path) for path in sorted(folder.glob("*.json"))]


def read_conversation(path: Path) -> Conversation:
    data = json.loads(path.read_text(encoding="utf-8"))
    turns, sessions = [], []
    number = 1
    while f"session_{number}" in data or f"session_{number}_date_time" in data:
        session = data.get(f"session_{number}", [])
        turns += session
        sessions += [number] * len(session)
        number += 1
    index = {turn["dia_id"]: position for position, turn in enumerate(turns)}
    return Conversation(
        name=path.stem,
        memories=[memory_of(turn) for turn in turns],
        speakers=[turn["speaker"] for turn in turns],
        sessions=sessions,
        questions=[question for each in data["qa"] if (question := read_question(each, index)) is not None],
    )


def memory_of(turn: dict[str, str]) -> str:
    picture = f" [shares {turn['blip_caption']}]" if turn.get("blip_caption") else ""
    return f"{turn['speaker']}: {turn['text']}{picture}"


def read_question(data: dict, index: dict[str, int]) -> Question | None:
    """None for adversarial questions and for those whose evidence is no turn."""
    named = TURN_ID.findall(" ".join(data.get("evidence", [])))
    evidence = frozenset(index[turn] for turn in named if turn in index)
    if data["category"] == ADVERSARIAL or not evidence:
        return None
    return Question(data["question"], data["category"], evidence)
