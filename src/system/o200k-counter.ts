import { setImmediate as giveWay } from "node:timers/promises";
import type { TokenCounter } from "../domain/ports/token-counter.ts";

type Encoding = typeof import("gpt-tokenizer/encoding/o200k_base");

/** The tokenizer's work grows with the square of a run of letters, of signs or of spaces: longer ones are counted in pieces. */
const LONGEST_RUN = 256;
const LONG_RUNS = /[\p{L}\p{M}]{257,}|[^\s\p{L}\p{N}]{257,}|\s{257,}/gu;
const CHARACTERS_A_SLICE = 2000;
const BOUNDARY = /(?<=[\p{L}\p{N}])(?=[^\p{L}\p{N}\p{M}'])|(?<=[^\s\p{L}\p{N}\p{M}]) /gu;
/** Runs that it remembers; each is at most LONGEST_RUN long. */
const REMEMBERED = 5000;
/** Text in the form `<|endoftext|>` is plain text here: a memory must not be able to end a prompt. */
const PLAIN = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/**
 * Counts in tokens of o200k_base, the encoding of OpenAI's current models. Exact, but for texts with a run of more than 256
 * letters, signs or spaces, which are counted for slightly more. The first count loads the encoding: a third of a second, and
 * some 70 MB that stay.
 */
export function createO200kCounter(): TokenCounter {
  let loading: Promise<Encoding> | undefined;
  return {
    async count(text) {
      loading ??= load();
      const { countTokens } = await loading;
      let tokens = 0;
      let cuts = -1;
      for (const piece of piecesOf(text)) {
        cuts++;
        for (const slice of slicesOf(piece)) {
          await giveWay();
          tokens += countTokens(slice, PLAIN);
        }
      }
      // One more for each cut: what was apart may take a token less than it takes together.
      return { tokens: tokens + cuts, exact: cuts === 0 };
    },
  };
}

/**
 * A text in slices of some milliseconds, which together have the tokens of the whole: no token runs from a letter or digit into
 * anything but letters, digits, marks and an apostrophe, nor from a sign into a space.
 */
function* slicesOf(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > CHARACTERS_A_SLICE) {
    BOUNDARY.lastIndex = from + CHARACTERS_A_SLICE;
    const boundary = BOUNDARY.exec(text);
    if (boundary === null) break;
    yield text.slice(from, boundary.index);
    from = boundary.index;
  }
  yield text.slice(from);
}

async function load(): Promise<Encoding> {
  const encoding = await import("gpt-tokenizer/encoding/o200k_base");
  encoding.setMergeCacheSize(REMEMBERED);
  return encoding;
}

/** The text itself where it has no long run; else runs in pieces, and what stands between them. */
function* piecesOf(text: string): Generator<string> {
  let at = 0;
  for (const run of text.matchAll(LONG_RUNS)) {
    if (run.index > at) yield text.slice(at, run.index);
    for (let from = 0; from < run[0].length; ) {
      const end = from + LONGEST_RUN;
      const splitsPair = /[\ud800-\udbff]/.test(run[0][end - 1] ?? "") && end < run[0].length;
      const piece = run[0].slice(from, splitsPair ? end - 1 : end);
      yield piece;
      from += piece.length;
    }
    at = run.index + run[0].length;
  }
  if (at < text.length || text === "") yield text.slice(at);
}
