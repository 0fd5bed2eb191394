import { DatabaseSync } from "node:sqlite";
import type { Conversation } from "../../src/cli/eval/conversation.ts";
import { type Measures, measure } from "../../src/cli/eval/measures.ts";

const RESULTS = 20;

/**
 * The baseline of words alone that anybody can have: SQLite's FTS5 with BM25, porter stemming, and an OR of all the question's
 * words; one index a conversation.
 */
export function measureFts5(conversations: readonly Conversation[]): Measures {
  return measure(conversations.flatMap(ranksOf));
}

function ranksOf({ turns, questions }: Conversation) {
  const database = new DatabaseSync(":memory:");
  try {
    database.exec("create virtual table turn using fts5(content, tokenize = 'porter unicode61')");
    const insert = database.prepare("insert into turn(rowid, content) values (?, ?)");
    for (const [index, { content }] of turns.entries()) insert.run(index, content);
    const search = database.prepare("select rowid from turn where turn match ? order by bm25(turn), rowid limit ?");
    return questions.map(({ text, evidence }) => {
      const found = search.all(queryOf(text), RESULTS).map((row) => turns[Number(row.rowid)]!.id);
      return evidence.map((turn) => (found.includes(turn) ? found.indexOf(turn) + 1 : null));
    });
  } finally {
    database.close();
  }
}

function queryOf(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return [...new Set(words)].map((word) => `"${word}"`).join(" OR ");
}
