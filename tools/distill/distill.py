"""Makes the static model from its teacher and its training text: see README.md.

    tools/distill/run [--sentences N] [--epochs N] [--out DIR] [--eval DIR]
"""

import argparse
import time
from pathlib import Path

import numpy as np

from evaluate import evaluation
from fetch import Sources, fetch
from model_card import Making, write_model_card
from model_file import write_model
from progress import Progress
from quantise import damp, quantise
from start import principal_axes, starting_vectors, unit
from teacher import mean_vectors
from texts import SEED, training_texts
from tokens import UNK, read_vocabulary, reference_tokenizer, token_ids
from train import bags, train

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache/distill"
HIDDEN = 384
HELD_OUT = 1024


def main() -> None:
    options = read_options()
    began = time.monotonic()
    sources = fetch(CACHE)
    chosen = training_texts(sources.chat, sources.wordnet, options.sentences)
    ids = token_ids(reference_tokenizer(sources.vocabulary), chosen.texts)
    size = len(read_vocabulary(sources.vocabulary))

    token_vectors = teacher_pass("tokens", sources, [np.array([token], np.int32) for token in range(size)])
    targets = unit(teacher_pass(f"texts-{len(ids)}", sources, ids))
    axes = principal_axes(targets)
    vectors = starting_vectors(token_vectors, axes)
    for epoch in train(vectors, bags(ids, size, UNK), unit(targets @ axes), options.epochs, SEED, HELD_OUT):
        print(f"epoch {epoch.number}: loss {epoch.loss:.4f}, validation cosine {epoch.validation_cosine:.4f}", flush=True)

    counts = count_tokens(ids, size)
    model = quantise(damp(vectors, counts), counts)
    write_model(options.out, model, sources.vocabulary.read_bytes())
    figures = evaluation(options.eval, model, options.out) if options.eval else None
    write_model_card(options.out, Making(chosen.amounts, options.epochs, epoch.validation_cosine), figures)
    print(figures or "", f"{options.out} from {len(ids)} texts in {time.monotonic() - began:.0f} s", sep="\n")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/distill/run", description="Makes the static embedding model.")
    parser.add_argument("--sentences", type=int, default=100_000, help="how many training texts (default 100000)")
    parser.add_argument("--epochs", type=int, default=5, help="passes over them (default 5)")
    parser.add_argument("--out", type=Path, default=ROOT / "models/static-v1", help="the folder to write")
    parser.add_argument("--eval", type=Path, help="a folder of conversations in LoCoMo's layout to measure on")
    return parser.parse_args()


def teacher_pass(name: str, sources: Sources, texts: list[np.ndarray]) -> np.ndarray:
    """The teacher's mean vector of each text, float32 (n, 384), kept in the cache: it is the long step."""
    file = CACHE / f"teacher-{name}.npy"
    if file.exists():
        return np.load(file)
    vectors = np.empty((len(texts), HIDDEN), np.float32)
    progress = Progress(f"teacher, {name}", len(texts))
    for indices, batch in mean_vectors(sources.teacher_weights, texts):
        vectors[indices] = batch
        progress.add(len(indices))
    np.save(file, vectors)
    return vectors


def count_tokens(ids: list[np.ndarray], size: int) -> np.ndarray:
    counts = np.bincount(np.concatenate(ids), minlength=size)
    counts[UNK] = 0
    return counts


if __name__ == "__main__":
    main()
