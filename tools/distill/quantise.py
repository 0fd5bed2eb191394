"""Damps frequent tokens and turns the vectors into bytes."""

import numpy as np

from model_file import StaticModel

SIF = 0.005


def token_probabilities(counts: np.ndarray) -> np.ndarray:
    """p_t = (count_t + ½) / Σ counts: never zero, so that rare tokens have a finite weight."""
    return (counts + 0.5) / counts.sum()


def damp(vectors: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Smooth inverse frequency (Arora et al. 2017): W_t · a / (a + p_t)."""
    return vectors * (SIF / (SIF + token_probabilities(counts)))[:, None]


def quantise(vectors: np.ndarray, counts: np.ndarray) -> StaticModel:
    """One byte a component, with a float32 scale for each row: float16 underflows on rows of zeroes."""
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    safe = np.where(scales > 0, scales, 1)
    rows = np.rint(vectors / safe[:, None]).clip(-127, 127).astype(np.int8)
    return StaticModel(scales, counts.astype(np.uint32), rows)
