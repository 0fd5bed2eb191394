import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { measureFts5 } from "../../bench/retrieval/fts5-baseline.ts";
import type { CollectionResults } from "../../bench/retrieval/result.ts";
import { withResults } from "../../bench/retrieval/results-table.ts";
import { readConversations } from "../../src/cli/eval/read-conversations.ts";

const figures = (r10: number) => ({ recall: { 1: 0.1, 5: 0.2, 10: r10, 20: 0.4 }, mrr: 0.5, ndcg10: 0.6 });
const COLLECTION: CollectionResults = {
  ...{ name: "Talks", conversations: 2, memories: 2760, questions: 7, generation: "static-v1" },
  results: [
    { method: "words", command: "cairn eval DIR", measures: figures(0.31) },
    { method: "both", command: "cairn eval DIR", measures: figures(0.3456) },
  ],
};

describe("withResults", () => {
  const page = "# Before\n<!-- measured: begin -->\nold | table\n<!-- measured: end -->\nafter\n";

  it("replaces what stands between the marks, and nothing else, however often", () => {
    const once = withResults(page, [COLLECTION]);
    expect(once).toContain("2 conversations, 2,760 memories, 7 questions; static-v1.");
    expect(once).toMatch(/^# Before\n<!-- measured: begin -->\n/);
    expect(once).toMatch(/<!-- measured: end -->\nafter\n$/);
    expect(once).not.toContain("old | table");
    expect(withResults(once, [COLLECTION])).toBe(once);
  });

  it("marks the best of each column", () => {
    const table = withResults(page, [COLLECTION]);
    expect(table).toContain("| words | **0.100** | **0.200** | 0.310 |");
    expect(table).toContain("| both | **0.100** | **0.200** | **0.346** |");
  });

  it("refuses a page without both marks", () => {
    expect(() => withResults("<!-- measured: end --> <!-- measured: begin -->", [])).toThrow("measured: begin");
  });
});

describe("measureFts5", () => {
  it("finds what shares a stem with the question, each conversation by itself", () => {
    const { questions, recall } = measureFts5(readConversations(join(import.meta.dirname, "tiny")));
    expect(questions).toBe(5);
    expect(recall[5]).toBe(1);
  });
});
