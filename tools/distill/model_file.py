"""Reads and writes a model's folder, as FORMAT.md lays it down."""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MAGIC = b"CAIRNVEC"
VERSION = 1
HEADER = struct.Struct("<8sIII12x")
VECTORS = "token-vectors.bin"
VOCABULARY = "vocabulary.txt"
CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True)
class StaticModel:
    """Quantised token vectors: scales float32 (V,), counts uint32 (V,), rows int8 (V, D)."""

    scales: np.ndarray
    counts: np.ndarray
    rows: np.ndarray

    def vectors(self) -> np.ndarray:
        """The vectors as they are at run time, float32 (V, D)."""
        return self.rows.astype(np.float32) * self.scales[:, None]


def write_model(folder: Path, model: StaticModel, vocabulary: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    size, dimensions = model.rows.shape
    parts = [model.scales.astype("<f4"), model.counts.astype("<u4"), model.rows.astype("i1")]
    body = HEADER.pack(MAGIC, VERSION, size, dimensions) + b"".join(part.tobytes() for part in parts)
    (folder / VECTORS).write_bytes(body)
    (folder / VOCABULARY).write_bytes(vocabulary)
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in (VECTORS, VOCABULARY)]
    (folder / CHECKSUMS).write_text("".join(sums), newline="\n")


def read_model(folder: Path) -> StaticModel:
    data = (folder / VECTORS).read_bytes()
    magic, version, size, dimensions = HEADER.unpack_from(data)
    if (magic, version, len(data)) != (MAGIC, VERSION, HEADER.size + size * (8 + dimensions)):
        raise ValueError(f"{folder / VECTORS} is no static model of format {VERSION}")
    scales = np.frombuffer(data, "<f4", size, HEADER.size)
    counts = np.frombuffer(data, "<u4", size, HEADER.size + 4 * size)
    rows = np.frombuffer(data, "i1", size * dimensions, HEADER.size + 8 * size).reshape(size, dimensions)
    return StaticModel(scales, counts, rows)
