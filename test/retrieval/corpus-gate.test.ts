import { join } from "node:path";
import { expect, it } from "vitest";
import { readConversations } from "../../src/cli/eval/read-conversations.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { differences, measured } from "./measured.ts";

const CORPUS = join(import.meta.dirname, "corpus");
const LONG_MS = 300_000;

/** A little below what was measured: a change of ranking that costs more than a few questions is seen. */
const FLOORS = {
  "lexical off": { 5: 0.56, 10: 0.58 },
  "semantic off": { 5: 0.75, 10: 0.81 },
  "hybrid off": { 5: 0.78, 10: 0.86 },
  "hybrid on": { 5: 0.82, 10: 0.9 },
} as const;

it("asks enough, of enough people, in every category", () => {
  const conversations = readConversations(CORPUS);
  const questions = conversations.flatMap((one) => one.questions);
  expect(conversations.flatMap((one) => one.turns).length).toBeGreaterThanOrEqual(300);
  expect(questions.length).toBeGreaterThanOrEqual(150);
  expect(new Set(questions.map((one) => one.category))).toEqual(new Set([1, 2, 3, 4]));
  expect(conversations.map(({ skipped, unknownEvidence }) => skipped + unknownEvidence)).toEqual(
    conversations.map(() => 0),
  );
});

describeOnEngines("recall on the corpus", (engine) => {
  it.each(Object.entries(FLOORS))(
    "%s holds its floors",
    async (name, floors) => {
      const { recall } = (await measured(engine, CORPUS))[name]!;
      expect(recall[5]).toBeGreaterThanOrEqual(floors[5]);
      expect(recall[10]).toBeGreaterThanOrEqual(floors[10]);
    },
    LONG_MS,
  );

  it(
    "is better by words and meaning together than by either, and better still with the conversation",
    async () => {
      const rows = await measured(engine, CORPUS);
      const r5 = (name: string) => rows[name]!.recall[5];
      expect(r5("hybrid off")).toBeGreaterThan(Math.max(r5("lexical off"), r5("semantic off")));
      expect(r5("hybrid on")).toBeGreaterThan(r5("hybrid off"));
    },
    LONG_MS,
  );
});

describeOnPostgres("recall on the corpus, on both engines", () => {
  it(
    "is the same",
    async () => {
      expect(differences(await measured("pglite", CORPUS), await measured("postgres", CORPUS))).toEqual([]);
    },
    LONG_MS,
  );
});
