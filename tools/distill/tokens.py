"""The reference tokenizer: BERT uncased WordPiece, without special tokens."""

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

UNK = 100
LONGEST_TEXT = 128


def reference_tokenizer(vocabulary: Path) -> Tokenizer:
    """Built from the vocabulary alone, so that a literal "[CLS]" in a text is plain characters, as it is in Cairn."""
    pieces = {token: index for index, token in enumerate(read_vocabulary(vocabulary))}
    tokenizer = Tokenizer(WordPiece(pieces, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = BertNormalizer(clean_text=True, handle_chinese_chars=True, lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def read_vocabulary(path: Path) -> list[str]:
    # Not splitlines(): tokens may hold characters that it takes for line breaks.
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def token_ids(tokenizer: Tokenizer, texts: list[str], longest: int = LONGEST_TEXT) -> list[np.ndarray]:
    """The first `longest` ids of each text, [UNK] included."""
    return [np.array(each.ids[:longest], dtype=np.int32) for each in tokenizer.encode_batch(texts)]
