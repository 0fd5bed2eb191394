"""Trains one vector a token so that their sum over a text points where the teacher's vector of the text points."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from loss import loss_and_gradient, through_normalisation
from start import unit

BATCH = 512
FIRST_RATE = 5e-4
LAST_RATE = 1e-5
BETAS = (0.9, 0.999)
EPSILON = 1e-8


def bags(texts: list[np.ndarray], vocabulary_size: int, skipped: int) -> csr_array:
    """A row a text: each of its tokens by its share of the text, so that `bags @ vectors` is the mean."""
    kept = [ids[ids != skipped] for ids in texts]
    lengths = np.array([len(ids) for ids in kept])
    shares = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    matrix = csr_array((shares, np.concatenate(kept), offsets), shape=(len(texts), vocabulary_size))
    matrix.sum_duplicates()
    return matrix


class SparseAdam:
    """Adam that moves only the rows that a batch holds, and lets the others' moments rest."""

    def __init__(self, vectors: np.ndarray) -> None:
        self.vectors = vectors
        self.first = np.zeros_like(vectors)
        self.second = np.zeros_like(vectors)
        self.steps = 0

    def step(self, rows: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        self.steps += 1
        self.first[rows] += (1 - BETAS[0]) * (gradient - self.first[rows])
        self.second[rows] += (1 - BETAS[1]) * (gradient * gradient - self.second[rows])
        bias_first, bias_second = (1 - beta**self.steps for beta in BETAS)
        size = rate * np.sqrt(bias_second) / bias_first
        self.vectors[rows] -= (size * self.first[rows] / (np.sqrt(self.second[rows]) + EPSILON)).astype(np.float32)


@dataclass(frozen=True)
class Epoch:
    number: int
    loss: float
    validation_cosine: float


def train(
    vectors: np.ndarray, texts: csr_array, targets: np.ndarray, epochs: int, seed: int, held_out: int
) -> Iterator[Epoch]:
    """Changes `vectors` in place, an epoch for each value yielded. The last `held_out` texts only measure."""
    chooser = np.random.default_rng(seed)
    optimiser = SparseAdam(vectors)
    training = texts.shape[0] - held_out
    steps_in_all = epochs * (training // BATCH)
    for number in range(1, epochs + 1):
        order = chooser.permutation(training)
        losses = []
        for start in range(0, training - BATCH + 1, BATCH):
            chosen = np.sort(order[start : start + BATCH])
            rate = FIRST_RATE + (LAST_RATE - FIRST_RATE) * optimiser.steps / max(1, steps_in_all - 1)
            losses.append(train_batch(optimiser, texts[chosen], targets[chosen], rate))
        validation = unit(texts[training:] @ vectors)
        yield Epoch(number, float(np.mean(losses)), float((validation * targets[training:]).sum(axis=1).mean()))


def train_batch(optimiser: SparseAdam, bag: csr_array, y: np.ndarray, rate: float) -> float:
    rows = np.unique(bag.indices)
    bag = bag[:, rows]
    means = bag @ optimiser.vectors[rows]
    norms = np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    x = means / norms
    loss, gradient = loss_and_gradient(x, y)
    optimiser.step(rows, bag.T @ through_normalisation(gradient, x, norms), rate)
    return loss
