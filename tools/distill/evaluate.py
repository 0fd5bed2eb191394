"""Measures a model's recall on conversations in LoCoMo's layout: alone by cosine, and in hybrid search.

    tools/distill/run evaluate DIR [--model models/static-v1]
"""

import argparse
from pathlib import Path

import numpy as np

from conversations import Conversation, read_conversations
from model_file import StaticModel, read_model
from signals import Signals

DEPTHS = (1, 5, 10, 20)
LEXICAL_WEIGHT = 0.5

Scores = dict[str, np.ndarray]


def scores(signals: Signals, conversation: Conversation) -> list[Scores]:
    """For each question every method's score of every memory."""
    memory_ids = signals.ids(conversation.memories)
    memory_vectors = signals.embed(memory_ids)
    memory_stems = [set(signals.stems(memory)) for memory in conversation.memories]
    found = []
    for question in conversation.questions:
        ids = signals.ids([question.text])
        cosine = signals.cosine(signals.embed(ids)[0], memory_vectors)
        late = signals.late_interaction(ids[0], memory_ids)
        coverage = signals.coverage(question.text, memory_stems)
        base = LEXICAL_WEIGHT * coverage + cosine + late
        found.append({"cosine": cosine, "MaxSim": late, "gcov": coverage, "BASE": base})
    return found


def recalls(evidence: frozenset[int], score: np.ndarray) -> list[float]:
    """The share of the evidence among the first 1, 5, 10 and 20 memories; of equals the earlier comes first."""
    order = np.argsort(-score, kind="stable")
    return [len(evidence & set(order[:depth].tolist())) / len(evidence) for depth in DEPTHS]


def evaluation(folder: Path, model: StaticModel, model_folder: Path) -> str:
    """A table of each method's mean recall over the questions of all conversations, each searched by itself."""
    signals = Signals(model, model_folder)
    conversations = read_conversations(folder)
    rows: dict[str, list[list[float]]] = {}
    for conversation in conversations:
        for question, by_method in zip(conversation.questions, scores(signals, conversation), strict=True):
            for method, score in by_method.items():
                rows.setdefault(method, []).append(recalls(question.evidence, score))
    memories = sum(len(conversation.memories) for conversation in conversations)
    questions = sum(len(conversation.questions) for conversation in conversations)
    lines = [
        f"{len(conversations)} conversations, {memories:,} memories, {questions} questions:\n",
        "| method | " + " | ".join(f"R@{depth}" for depth in DEPTHS) + " |",
        "|---" * (len(DEPTHS) + 1) + "|",
    ]
    for method, values in rows.items():
        lines.append(f"| {method} | " + " | ".join(f"{mean:.3f}" for mean in np.mean(values, axis=0)) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures a static model's recall.")
    parser.add_argument("conversations", type=Path)
    parser.add_argument("--model", type=Path, default=Path(__file__).resolve().parents[2] / "models/static-v1")
    options = parser.parse_args()
    print(evaluation(options.conversations, read_model(options.model), options.model))


if __name__ == "__main__":
    main()
