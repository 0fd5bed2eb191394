import { type RankedQuery, rank } from "../../src/domain/ranking/rank.ts";
import { DEFAULT_TERMS } from "../../src/domain/ranking/ranking-terms.ts";
import type { Candidate, Candidates } from "../../src/domain/search.ts";
import { atOnce } from "../../src/domain/slices.ts";
import { loadShippedModel } from "../../src/embedding/static/shipped-model.ts";
import { staticTokenModel } from "../../src/embedding/static/static-token-model.ts";
import { figure, type Measurement, median, type Row } from "../row.ts";
import { randomFrom, Writer } from "../seed/words.ts";

const CANDIDATES = 100;
/** As long as a turn of a conversation. */
const WORDS = 30;
const QUERY_WORDS = 9;
const FLOOR_MS = 1.5;
const RULES = { mode: "hybrid", minScore: null, minSimilarity: null, lexicalPassesSimilarity: false } as const;

interface Question {
  readonly text: string;
  readonly found: Candidates;
}

export const ranking: Row = {
  name: "ranking",
  claim: `ranking ${CANDIDATES} candidates by all signals, with late interaction and without, texts not seen before`,
  measure: async () => {
    // A tenth of them would tell what compiling costs.
    const questions = questionsOf(600);
    const tokens = staticTokenModel(await loadShippedModel());
    return [true, false].map((rerank) => {
      const times = questions.map(({ text, found }) => {
        const query: RankedQuery = { text, similar: [], rerank, terms: DEFAULT_TERMS, tokens };
        const start = performance.now();
        atOnce(rank(found, RULES, query));
        return performance.now() - start;
      });
      // The first ones compile.
      return lineOf(rerank, median(times.slice(times.length / 4)));
    });
  },
};

function lineOf(rerank: boolean, p50: number): Measurement {
  return {
    row: rerank ? `ranking ${CANDIDATES} candidates, p50` : "  the same without late interaction",
    ...{ measured: `${figure(p50)} ms`, baseline: "", ratio: "" },
    ...(rerank ? { floor: `≤ ${FLOOR_MS} ms`, held: p50 <= FLOOR_MS } : { floor: "", held: null }),
  };
}

/** Candidates on the query's topic, each with some of its words, in sessions of two speakers. */
function questionsOf(count: number): readonly Question[] {
  const writer = new Writer(31);
  const random = randomFrom(7);
  return Array.from({ length: count }, (_, n) => {
    const topic = writer.anyTopic();
    const text = `${writer.text(topic, QUERY_WORDS)} Ann`;
    const lexemes = text.toLowerCase().split(" ");
    const some = () => lexemes.filter(() => random() < 0.2);
    const candidates = Array.from({ length: CANDIDATES }, (_, i): Candidate => {
      const own = { id: `${n}-${i}`, subjectType: "person", subjectId: i % 2 ? "Ann" : "Bob", source: `${i % 8}` };
      const scores = { cosine: random(), textRank: random(), confidence: 1, asks: i % 5 === 0 };
      const texts = { text: writer.text(topic, WORDS), lexemes: some(), previousLexemes: some() };
      return { ...own, ...scores, ...texts, updateTime: new Date(0) };
    });
    const words = lexemes.map((lexeme) => ({ lexeme, word: lexeme, compound: false }));
    return { text, found: { candidates, words, identifiers: [], truncated: false, readTime: new Date(0) } };
  });
}
