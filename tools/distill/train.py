"""Trains one vector a token so that their sum over a text points where the teacher's vector of the text points."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

DIMENSIONS = 256
BATCH = 512
FIRST_RATE = 5e-4
LAST_RATE = 1e-5
TEMPERATURE = np.float32(0.05)
RELATION_WEIGHT = np.float32(0.3)
BETAS = (0.9, 0.999)
EPSILON = 1e-8


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)


def principal_axes(targets: np.ndarray, dimensions: int = DIMENSIONS) -> np.ndarray:
    """The leading eigenvectors (384, dimensions) of YᵀY/N. Not centred: centring costs 2–3 points of recall."""
    _, axes = np.linalg.eigh(targets.T.astype(np.float64) @ targets / len(targets))
    axes = axes[:, ::-1][:, :dimensions]
    # An eigenvector's sign is arbitrary: fix it, so that another BLAS gives the same file.
    return (axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(dimensions)])).astype(np.float32)


def starting_vectors(token_vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """ln(1 + t) · E_t P over the mean row norm: a token's index in the vocabulary is its frequency rank."""
    rank_weight = np.log1p(np.arange(len(token_vectors), dtype=np.float32))
    vectors = rank_weight[:, None] * (token_vectors @ axes)
    return (vectors / np.linalg.norm(vectors, axis=1).mean()).astype(np.float32)


def bags(texts: list[np.ndarray], vocabulary_size: int, skipped: int) -> csr_array:
    """A row a text: each of its tokens by its share of the text, so that `bags @ vectors` is the mean."""
    kept = [ids[ids != skipped] for ids in texts]
    lengths = np.array([len(ids) for ids in kept])
    shares = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    matrix = csr_array((shares, np.concatenate(kept), offsets), shape=(len(texts), vocabulary_size))
    matrix.sum_duplicates()
    return matrix


def softmax_without_self(similarities: np.ndarray) -> np.ndarray:
    scaled = similarities / TEMPERATURE
    np.fill_diagonal(scaled, -np.inf)
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def loss_and_gradient(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """mean(1 − x·y) + 0.3 · KL(teacher's neighbours ‖ ours) over a batch of unit rows, and its gradient in x."""
    size = len(x)
    wanted, found = softmax_without_self(y @ y.T), softmax_without_self(x @ x.T)
    tiny = np.float32(1e-30)
    divergence = float((wanted * np.log((wanted + tiny) / (found + tiny))).sum() / size)
    # Each similarity x_i·x_j stands in row i and in row j, hence both the difference and its transpose.
    difference = (found - wanted) / (TEMPERATURE * size)
    gradient = -y / size + RELATION_WEIGHT * (difference + difference.T) @ x
    return float(1 - (x * y).sum(axis=1).mean()) + float(RELATION_WEIGHT) * divergence, gradient


def through_normalisation(gradient: np.ndarray, x: np.ndarray, norms: np.ndarray) -> np.ndarray:
    return (gradient - (gradient * x).sum(axis=1, keepdims=True) * x) / norms


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
