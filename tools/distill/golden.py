"""Writes the test data of the run-time tokenizer and embedder, computed by the reference tokenizer and by numpy.

    tools/distill/run golden
"""

import json
from pathlib import Path

import numpy as np

from distill import CACHE, ROOT
from fetch import fetch
from golden_texts import EMBEDDED_TEXTS, OWN_TEXTS
from model_file import VOCABULARY, read_model
from texts import training_texts
from tokens import UNK, reference_tokenizer

MODEL = ROOT / "models/static-v1"
TARGET = ROOT / "test/embeddings"
NATURAL_TEXTS = 180
DECIMALS = 6


def main() -> None:
    sources = fetch(CACHE)
    tokenizer = reference_tokenizer(MODEL / VOCABULARY)
    # Surrogates cannot stand in a JSON file, and the reference library takes none.
    texts = [*OWN_TEXTS, *training_texts(sources.chat, sources.wordnet, NATURAL_TEXTS).texts]
    write(TARGET / "tokens.golden.json", [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts])

    vectors = read_model(MODEL).vectors().astype(np.float64)
    rows = []
    for text in EMBEDDED_TEXTS:
        ids = [token for token in tokenizer.encode(text).ids if token != UNK]
        rows.append({"text": text, "vector": embed(vectors, ids)})
    write(TARGET / "vectors.golden.json", rows)


def embed(vectors: np.ndarray, ids: list[int]) -> list[float] | None:
    """The unit vector of all the tokens, rounded; None where there is none."""
    total = vectors[ids].sum(axis=0)
    norm = np.linalg.norm(total)
    return np.round(total / norm, DECIMALS).tolist() if norm > 0 else None


def write(file: Path, rows: list[dict]) -> None:
    """One row a line, plain ASCII, so that no editor changes a character."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    file.write_text(f"[\n{lines}\n]\n", encoding="ascii", newline="\n")
    print(f"{file}: {len(rows)} rows, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
