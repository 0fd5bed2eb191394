import { describe, expect, it } from "vitest";
import { WordPieceTokenizer } from "./word-piece-tokenizer.ts";

const LETTERS = [..."abcdefghijklmnopqrstuvwxyzσςß"];
const VOCABULARY = [
  ...[
    "[UNK]",
    "[MASK]",
    "play",
    "##ing",
    "##s",
    "hello",
    "don",
    "'",
    "t",
    "[",
    "]",
    "mask",
    ",",
    "!",
    "+",
    "cafe",
    "東",
    "京",
  ],
  ...["東京", "σ", "##σ", "##ς", "=", "€", "ab", "##c"],
  ...LETTERS.flatMap((letter) => [letter, `##${letter}`]),
].filter((token, at, all) => all.indexOf(token) === at);
const tokenizer = new WordPieceTokenizer(VOCABULARY);

/** The pieces of a text, as words. */
function pieces(text: string): string[] {
  return tokenizer.idsOf(text).map((id) => VOCABULARY[id] as string);
}

describe("WordPieceTokenizer", () => {
  it("takes the longest piece first, and makes a word unknown as a whole where any of it is", () => {
    expect(pieces("playing plays")).toEqual(["play", "##ing", "play", "##s"]);
    expect(pieces("play9")).toEqual(["[UNK]"]);
    expect(pieces("hello play9 hello")).toEqual(["hello", "[UNK]", "hello"]);
  });

  it("makes each mark of ASCII's symbols a word of its own, but no other symbol", () => {
    expect(pieces("Don't,hello!+")).toEqual(["don", "'", "t", ",", "hello", "!", "+"]);
    expect(pieces("€b")).toEqual(["€", "##b"]);
  });

  it("drops case and accents, composed or not", () => {
    expect(pieces("CAFÉ cafe\u0301 Hello")).toEqual(["cafe", "cafe", "hello"]);
  });

  it("lower-cases code point by code point, so that a last sigma stays an ordinary one", () => {
    expect(pieces("ΣΣ")).toEqual(["σ", "##σ"]);
    expect(pieces("σς")).toEqual(["σ", "##ς"]);
  });

  it("parts ideographs, but only those of the blocks that BERT names", () => {
    expect(pieces("東京")).toEqual(["東", "京"]);
    // 2B820 to 2B91F are left out by BERT itself.
    expect(pieces("a\u{2b91f}b c\u{2b920}d")).toEqual(["[UNK]", "c", "[UNK]", "d"]);
  });

  it("drops control and format characters, so that what they part is one word", () => {
    for (const dropped of [
      "\0",
      "\v",
      "\f",
      "\u0085",
      "\u00ad",
      "\u200d",
      "\ufeff",
      "\ufffd",
      "\ue000",
      "\ud800",
      "\udc00",
    ])
      expect(pieces(`hel${dropped}lo`)).toEqual(["hello"]);
    expect(pieces("\u0001\u200b")).toEqual([]);
  });

  it("takes TAB, line ends and every Unicode space for a space", () => {
    for (const space of ["\t", "\n", "\r", "\u00a0", "\u1680", "\u2003", "\u2028", "\u202f", "\u3000"])
      expect(pieces(`hello${space}hello`)).toEqual(["hello", "hello"]);
  });

  it("takes a compatibility ideograph for the one that it stands for", () => {
    // U+F910 decomposes to U+863F.
    const known = new WordPieceTokenizer(["[UNK]", "\u863f", "a", "##a"]);
    expect(known.idsOf("a\uf910a\u863f")).toEqual([2, 1, 2, 1]);
  });

  it("parts words at punctuation of any script", () => {
    expect(pieces("don\u2019t")).toEqual(["don", "[UNK]", "t"]);
    expect(pieces("hello\u3001hello")).toEqual(["hello", "[UNK]", "hello"]);
    // Outside the basic plane: U+10100, category Po.
    expect(pieces("hello\u{10100}hello")).toEqual(["hello", "[UNK]", "hello"]);
  });

  it("finds no special token in a text that spells one", () => {
    expect(pieces("[MASK]")).toEqual(["[", "mask", "]"]);
  });

  it("makes a character that decomposes into punctuation part its word", () => {
    expect(pieces("a≠b")).toEqual(["a", "=", "b"]);
    expect(pieces("a=\u0338b")).toEqual(["a", "=", "b"]);
  });

  it("knows words of 100 code points and none longer", () => {
    expect(pieces("a".repeat(100))).toHaveLength(100);
    expect(pieces("a".repeat(101))).toEqual(["[UNK]"]);
    // An accent counts as long as it is there: it is gone by then.
    expect(pieces("é".repeat(100))).toHaveLength(100);
    expect(pieces("a".repeat(100_000))).toEqual(["[UNK]"]);
  });

  it("stops at the number of pieces that is asked for", () => {
    expect(tokenizer.idsOf("playing playing playing", 3)).toEqual(tokenizer.idsOf("playing playing").slice(0, 3));
    expect(tokenizer.idsOf("playing", 1)).toHaveLength(1);
    expect(tokenizer.idsOf("hello, hello", 2)).toHaveLength(2);
  });

  it("answers the same when a word comes again, in any company", () => {
    for (let turn = 0; turn < 3; turn++) {
      expect(pieces("Plays")).toEqual(["play", "##s"]);
      expect(pieces("(Plays, Plays)").filter((piece) => piece !== "[UNK]")).toEqual([
        "play",
        "##s",
        ",",
        "play",
        "##s",
      ]);
    }
  });

  it("keeps its answers when more words have come than it remembers", () => {
    const word = (i: number) => `Q${[...i.toString(26)].map((digit) => LETTERS[Number.parseInt(digit, 26)]).join("")}`;
    const before = pieces(word(7));
    for (let i = 0; i < 45_000; i++) tokenizer.idsOf(word(i));
    expect(pieces(word(7))).toEqual(before);
  });

  it("refuses a vocabulary without the unknown token", () => {
    expect(() => new WordPieceTokenizer(["a"])).toThrow(RangeError);
  });
});
