"""The training text: chat messages, runs of messages, and a dictionary's definitions and examples."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

SEED = 20261121
LEAST_WORDS = 4
RUN_LENGTHS = (2, 3, 4)
LONGEST_RUN = 400
QUOTED = re.compile(r'"([^"]+)"')
SHARES = {"messages": 0.5, "runs": 0.2, "wordnet": 0.3}


@dataclass(frozen=True)
class TrainingTexts:
    """The texts in a shuffled order, and how many of them came of each kind."""

    texts: list[str]
    amounts: dict[str, int]


def training_texts(chat: Path, wordnet: Path, amount: int) -> TrainingTexts:
    """A fixed sample of about `amount` distinct texts: half of them single messages, a fifth runs, the rest WordNet's."""
    chooser = random.Random(SEED)
    conversations = read_chat(chat)
    pools = {
        "messages": distinct(chain.from_iterable(conversations)),
        "runs": distinct(runs(conversations, chooser)),
        "wordnet": distinct(wordnet_texts(wordnet)),
    }
    samples = {
        name: chooser.sample(pool, min(len(pool), round(amount * SHARES[name]))) for name, pool in pools.items()
    }
    chosen = [text for sample in samples.values() for text in sample]
    chooser.shuffle(chosen)
    return TrainingTexts(chosen, {name: len(sample) for name, sample in samples.items()})


def read_chat(path: Path) -> list[list[str]]:
    """Each conversation as its messages in order."""
    conversations = json.loads(path.read_text(encoding="utf-8")).values()
    return [[message["text"].strip() for turn in each["messages"] for message in turn] for each in conversations]


def runs(conversations: list[list[str]], chooser: random.Random) -> Iterator[str]:
    """Two to four messages in a row as one text: memories are often longer than one message."""
    for messages in conversations:
        start = 0
        while start < len(messages):
            length = chooser.choice(RUN_LENGTHS)
            yield " ".join(messages[start : start + length])[:LONGEST_RUN]
            start += length


def wordnet_texts(folder: Path) -> Iterator[str]:
    """Definitions, and the quoted examples apart from them."""
    for name in ("data.noun", "data.verb", "data.adj", "data.adv"):
        for line in (folder / name).read_text(encoding="latin-1").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue
            gloss = line.split("|", 1)[1]
            yield QUOTED.sub("", gloss).strip(" ;\n")
            yield from QUOTED.findall(gloss)


def distinct(texts: Iterator[str]) -> list[str]:
    """Each text of at least LEAST_WORDS words once, in the order of first occurrence."""
    return list(dict.fromkeys(text for text in texts if len(text.split()) >= LEAST_WORDS))
