"""The three signals that hybrid search adds up: lexical coverage, cosine, and late interaction of token vectors."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import snowballstemmer

from model_file import VOCABULARY, StaticModel
from quantise import token_probabilities
from tokens import UNK, reference_tokenizer, token_ids
from start import unit

LONGEST_MEMORY = 256
UNKNOWN_WORD = 12.0
WORD = re.compile(r"\w+")
STOP_WORDS = frozenset(
    """a about after also am an and any are as at be been before being but by can could d did didn do does doesn doing don
    done for from had has have having he her here hers him his how i if in into is isn it its just ll m may me might mine
    must my no nor not of on only or our ours over own re s same shall she should so some such t than that the their theirs
    them then there these they this those to too us ve very was wasn we were what when where which who whom whose why will
    with would you your yours""".split()
)


class Signals:
    """Answers each signal of a text against memories, with a model's vectors and counts."""

    def __init__(self, model: StaticModel, folder: Path) -> None:
        self.vectors = model.vectors()
        self.directions = unit(self.vectors)
        self.norms = np.linalg.norm(self.vectors, axis=1)
        self.surprise = -np.log(token_probabilities(model.counts))
        self.tokenizer = reference_tokenizer(folder / VOCABULARY)
        self.stem = cache(snowballstemmer.stemmer("english").stemWord)

    def ids(self, texts: list[str]) -> list[np.ndarray]:
        return [ids[ids != UNK] for ids in token_ids(self.tokenizer, texts, LONGEST_MEMORY)]

    def embed(self, ids: list[np.ndarray]) -> np.ndarray:
        """Unit vectors, or zero for a text without a known token."""
        return unit(np.array([self.vectors[each].sum(axis=0) for each in ids]))

    def cosine(self, query: np.ndarray, memories: np.ndarray) -> np.ndarray:
        return memories @ query

    def late_interaction(self, query: np.ndarray, memories: list[np.ndarray]) -> np.ndarray:
        """MaxSim: for each distinct token of the query its best cosine in the memory, weighted by the token's norm."""
        tokens = np.unique(query)
        weights = self.norms[tokens]
        if weights.sum() == 0:
            return np.zeros(len(memories))
        similarities = self.directions[tokens] @ self.directions.T
        best = [similarities[:, ids].max(axis=1) if len(ids) else np.zeros(len(tokens)) for ids in memories]
        return np.array(best) @ weights / weights.sum()

    def stems(self, text: str) -> dict[str, str]:
        """Each stem of a text that is no stop word, with the first word that gave it."""
        words = [word for word in WORD.findall(text.lower()) if word not in STOP_WORDS]
        return {self.stem(word): word for word in reversed(words)}

    def weight(self, word: str) -> float:
        """A word is as telling as the rarest of its pieces in the training text."""
        pieces = self.ids([word])[0]
        return float(self.surprise[pieces].max()) if len(pieces) else UNKNOWN_WORD

    def coverage(self, query: str, memories: list[set[str]]) -> np.ndarray:
        """gcov: which share of the query's words a memory holds, by weight; needs no statistics of the collection."""
        weights = {stem: self.weight(word) for stem, word in self.stems(query).items()}
        whole = sum(weights.values()) or 1.0
        return np.array([sum(weights[stem] for stem in weights.keys() & stems) / whole for stems in memories])
