"""Writes the model card from its template, with the figures of this run."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from model_file import VECTORS, VERSION, VOCABULARY

TEMPLATE = Path(__file__).resolve().parent / "model_card.template.md"
NOT_MEASURED = "Not measured in this run: `tools/distill/run --eval DIR` measures the model and writes the figures here."


@dataclass(frozen=True)
class Making:
    """What the card tells of a training: texts of each kind, passes over them, and the cosine on texts held out."""

    amounts: dict[str, int]
    epochs: int
    validation_cosine: float


def write_model_card(folder: Path, making: Making, figures: str | None) -> None:
    amounts = {kind: f"{amount:,}" for kind, amount in making.amounts.items()}
    card = TEMPLATE.read_text(encoding="utf-8").format(
        **amounts,
        texts=f"{sum(making.amounts.values()):,}",
        epochs=making.epochs,
        validation=f"{making.validation_cosine:.3f}",
        format=VERSION,
        files="\n".join(row(folder / name) for name in (VECTORS, VOCABULARY)),
        figures=figures or NOT_MEASURED,
    )
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8", newline="\n")


def row(file: Path) -> str:
    data = file.read_bytes()
    return f"| `{file.name}` | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |"
