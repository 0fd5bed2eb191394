import { setImmediate as giveWay } from "node:timers/promises";
import type { TokenCounter } from "../domain/ports/token-counter.ts";

type Encoding = typeof import("gpt-tokenizer/encoding/o200k_base");

/** The tokenizer's work grows with the square of a run of letters, of signs or of spaces: longer ones are counted in pieces. */
const LONGEST_RUN = 256;
const LONG_RUNS = /[\p{L}\p{M}]{257,}|[^\s\p{L}\p{N}]{257,}|\s{257,}/gu;
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
      await giveWay();
      const pieces = [...piecesOf(text)];
      // One more for each cut: what was apart may take a token less than it takes together.
      const cuts = pieces.length - 1;
      const tokens = pieces.reduce((sum, piece) => sum + countTokens(piece, PLAIN), cuts);
      return { tokens, exact: cuts === 0 };
    },
  };
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
