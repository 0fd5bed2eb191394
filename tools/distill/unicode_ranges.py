"""Writes the Unicode tables of the tokenizer, so that vectors do not change with the version of Node's regular expressions.

    python3.11 tools/distill/unicode_ranges.py

Python 3.11 carries Unicode 14.0; another version is refused, because other tables would be other vectors.
"""

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "src/embedding/static/unicode-ranges.ts"
UNICODE = "14.0.0"
LINE_WIDTH = 120
LINE_BREAKS_AND_TAB = (0x09, 0x0A, 0x0D)

HEADER = f"""// Written by tools/distill/unicode_ranges.py from Unicode {UNICODE}: do not edit.
// Each table is a flat list of pairs: first and last code point of a range, both inclusive, ascending, without overlap.
"""


def is_space(code: int) -> bool:
    """TAB, LF, CR and the property White_Space, less VT, FF and U+0085, which BERT drops as control characters."""
    return code in LINE_BREAKS_AND_TAB or unicodedata.category(chr(code)) in ("Zs", "Zl", "Zp")


def is_dropped(code: int) -> bool:
    """NUL, U+FFFD, surrogates, control, format and private-use characters; unassigned ones stay."""
    if code in LINE_BREAKS_AND_TAB:
        return False
    return code == 0xFFFD or unicodedata.category(chr(code)) in ("Cc", "Cf", "Co", "Cs")


def is_punctuation(code: int) -> bool:
    """Category P, and all of ASCII that is neither letter, digit, space nor control character ($, + and the like)."""
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    return unicodedata.category(chr(code)).startswith("P")


def is_nonspacing_mark(code: int) -> bool:
    return unicodedata.category(chr(code)) == "Mn"


TABLES: list[tuple[str, str, Callable[[int], bool]]] = [
    ("PUNCTUATION_RANGES", "Characters that are a word of their own: category P and ASCII's symbols.", is_punctuation),
    ("NONSPACING_MARK_RANGES", "Category Mn, dropped after NFD.", is_nonspacing_mark),
    ("DROPPED_RANGES", "Categories Cc (but TAB, LF and CR), Cf, Co and Cs, and U+FFFD: dropped first.", is_dropped),
    ("SPACE_RANGES", "Characters that part words: TAB, LF, CR and the categories Zs, Zl and Zp.", is_space),
]


def ranges(belongs: Callable[[int], bool]) -> list[int]:
    """First and last code point of each run that belongs, in one flat list."""
    found: list[int] = []
    for code in range(sys.maxunicode + 1):
        if not belongs(code):
            continue
        if found and found[-1] == code - 1:
            found[-1] = code
        else:
            found += [code, code]
    return found


def table(name: str, meaning: str, numbers: list[int]) -> str:
    """A TypeScript constant, laid out as the project's formatter would."""
    one_line = f"export const {name}: readonly number[] = [{', '.join(f'0x{n:x}' for n in numbers)}];"
    if len(one_line) <= LINE_WIDTH:
        return f"\n/** {meaning} */\n{one_line}\n"
    lines = [f"\n/** {meaning} */", f"export const {name}: readonly number[] = ["]
    line = " "
    for number in numbers:
        item = f" 0x{number:x},"
        if len(line) + len(item) > LINE_WIDTH:
            lines.append(line)
            line = " "
        line += item
    return "\n".join([*lines, line, "];\n"])


def main() -> None:
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f"needs Python 3.11 with Unicode {UNICODE}, this one has {unicodedata.unidata_version}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER + "".join(table(name, meaning, ranges(belongs)) for name, meaning, belongs in TABLES))
    print(f"wrote {TARGET}")


if __name__ == "__main__":
    main()
