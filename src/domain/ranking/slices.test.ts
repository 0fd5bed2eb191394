import { describe, expect, it } from "vitest";
import { loadShippedModel } from "../../embedding/static/shipped-model.ts";
import { staticTokenModel } from "../../embedding/static/static-token-model.ts";
import type { Candidate, Candidates } from "../search.ts";
import { atOnce, type Slices } from "../slices.ts";
import { arrange } from "./arrange.ts";
import { rank } from "./rank.ts";
import { DEFAULT_TERMS } from "./ranking-terms.ts";

const CANDIDATES = 400;
const CHARACTERS = 4000;
const RULES = { mode: "hybrid", minScore: null, minSimilarity: null, lexicalPassesSimilarity: false } as const;
const tokens = staticTokenModel(await loadShippedModel());

let seed = 1;
function random(below: number): number {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  return Math.floor((seed / 2 ** 31) * below);
}

/** Different words, as long as a searched text and a query may be. */
function wordsOf(characters: number): string {
  const words: string[] = [];
  for (let length = 0; length < characters; length += words.at(-1)!.length + 1) words.push(random(1e9).toString(36));
  return words.join(" ").slice(0, characters);
}

function candidateOf(text: string, at: number): Candidate {
  const lexemes = text.split(" ").slice(0, 300);
  const about = { subjectType: "contact", subjectId: wordsOf(200), source: `${at % 40}`, asks: false };
  const scores = { cosine: at / CANDIDATES, textRank: 0, confidence: 1, updateTime: new Date(0) };
  return { id: `${at}`, text, lexemes, previousLexemes: lexemes, ...about, ...scores };
}

const query = wordsOf(10_000);
const found: Candidates = {
  candidates: Array.from({ length: CANDIDATES }, (_, at) => candidateOf(wordsOf(CHARACTERS), at)),
  words: query.split(" ").map((word) => ({ lexeme: word, word, compound: false })),
  identifiers: [],
  truncated: false,
  readTime: new Date(0),
};
const ranking = () => rank(found, RULES, { text: query, similar: [], rerank: true, terms: DEFAULT_TERMS, tokens });
const ranked = atOnce(ranking());
const arranged = (collapseDuplicates: boolean, diversity: number) => () =>
  arrange(ranked, { collapseDuplicates, diversity, pool: 200 }, tokens);

/** CPU time of each slice in milliseconds, as others may have the machine. */
function cpuOfSlices(work: Slices<unknown>): number[] {
  const slices: number[] = [];
  for (let isDone = false; !isDone; ) {
    const before = process.cpuUsage();
    isDone = work.next().done === true;
    const { user, system } = process.cpuUsage(before);
    slices.push((user + system) / 1000);
  }
  return slices;
}

/** Of several runs, which cut the same slices, the best of each: what else the process did meanwhile is not the slice's. */
function bestOfSlices(work: () => Slices<unknown>): number[] {
  const runs = Array.from({ length: 4 }, () => cpuOfSlices(work()));
  return runs[0]!.map((_, slice) => Math.min(...runs.map((run) => run[slice]!)));
}

describe(`${CANDIDATES} candidates of ${CHARACTERS} characters of different words`, () => {
  it.each([
    ["ranked by every signal", ranking],
    ["collapsed", arranged(true, 0)],
    ["diversified", arranged(false, 0.5)],
    ["collapsed and diversified", arranged(true, 0.5)],
  ])("are %s in slices, none of which is much of the whole", (_what, work) => {
    const slices = bestOfSlices(work);
    const all = slices.reduce((sum, slice) => sum + slice, 0);
    expect(Math.max(...slices)).toBeLessThan(Math.max(50, all / 4));
  });
});
