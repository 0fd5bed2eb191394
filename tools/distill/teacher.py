"""all-MiniLM-L6-v2 in numpy: six layers of BERT, read from the safetensors file that its package carries."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.special import erf

LAYERS = 6
HEADS = 12
CLS, SEP = 101, 102
SQRT_HALF = np.float32(np.sqrt(0.5))
EPSILON = np.float32(1e-12)
TOKENS_PER_BATCH = 1024

Weights = dict[str, np.ndarray]


def load_weights(path: Path) -> Weights:
    """Reads a safetensors file: eight bytes of header length, a JSON header, then the tensors."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    header_length = int(data[:8].view("<u8")[0])
    header = json.loads(bytes(data[8 : 8 + header_length]))
    weights = {}
    for name, tensor in header.items():
        if name == "__metadata__" or tensor["dtype"] != "F32":
            continue
        first, last = (8 + header_length + offset for offset in tensor["data_offsets"])
        weights[name] = np.array(data[first:last]).view("<f4").reshape(tensor["shape"])
    return weights


def linear(weights: Weights, name: str, x: np.ndarray) -> np.ndarray:
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def layer_norm(weights: Weights, name: str, x: np.ndarray) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    return centred / deviation * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def gelu(x: np.ndarray) -> np.ndarray:
    return x * np.float32(0.5) * (1 + erf(x * SQRT_HALF))


def attention(weights: Weights, name: str, x: np.ndarray) -> np.ndarray:
    """Self-attention over texts of one length, so that nothing is padded and nothing is masked."""
    texts, length, width = x.shape

    def heads(part: str) -> np.ndarray:
        return linear(weights, f"{name}.self.{part}", x).reshape(texts, length, HEADS, -1).transpose(0, 2, 1, 3)

    scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    context = (scores @ heads("value")).transpose(0, 2, 1, 3).reshape(texts, length, width)
    return layer_norm(weights, f"{name}.output.LayerNorm", x + linear(weights, f"{name}.output.dense", context))


def last_hidden_state(weights: Weights, ids: np.ndarray) -> np.ndarray:
    """The last layer's output for texts of one length: ids of shape (texts, length) → (texts, length, 384)."""
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = layer_norm(weights, "embeddings.LayerNorm", x + weights["embeddings.token_type_embeddings.weight"][0])
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        x = attention(weights, f"{name}.attention", x)
        inner = gelu(linear(weights, f"{name}.intermediate.dense", x))
        x = layer_norm(weights, f"{name}.output.LayerNorm", x + linear(weights, f"{name}.output.dense", inner))
    return x


def batches(texts: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Indices of texts of one length each, about TOKENS_PER_BATCH tokens together, the short texts first."""
    lengths = np.array([len(ids) for ids in texts])
    for length in np.unique(lengths):
        indices = np.flatnonzero(lengths == length)
        size = max(1, TOKENS_PER_BATCH // (int(length) + 2))
        yield from (indices[start : start + size] for start in range(0, len(indices), size))


_weights: Weights = {}


def _start_worker(path: Path) -> None:
    _weights.update(load_weights(path))


def _mean_of_batch(ids: np.ndarray) -> np.ndarray:
    framed = np.pad(ids, ((0, 0), (1, 1)), constant_values=((0, 0), (CLS, SEP)))
    return last_hidden_state(_weights, framed).mean(axis=1)


def mean_vectors(
    weights_path: Path, texts: Sequence[np.ndarray], processes: int = 2
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields (indices, vectors of shape (n, 384)) batch by batch: the mean over `[CLS] text [SEP]`, not normalised.

    Texts are given as token ids without specials. Each process computes on one thread, so results do not depend on timing.
    """
    work = list(batches(texts))
    arrays: Iterable[np.ndarray] = (np.stack([texts[i] for i in indices]) for indices in work)
    # Read by the workers' BLAS when it is loaded: spawned processes inherit it.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with get_context("spawn").Pool(processes, _start_worker, (weights_path,)) as pool:
        yield from zip(work, pool.imap(_mean_of_batch, arrays), strict=True)
