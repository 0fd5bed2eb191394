"""Where the training starts: the teacher's own token vectors, turned to the axes of the training text."""

import numpy as np

DIMENSIONS = 256


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
