import { afterAll, beforeAll, expect, it } from "vitest";
import { searchedText } from "../../src/domain/searched-text.ts";
import { describeOnEngines } from "../app/engines.ts";
import { builtInEmbedder } from "../embeddings/built-in-embedder.ts";
import { item, Tenant } from "../store/tenant.ts";
import { Finder } from "./finder.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { never } from "./seed.ts";

const COUNT = 20_000;
const PEOPLE = [
  "Ann Baker",
  "Bob Carter",
  "Carla Diaz",
  "Dan Evans",
  "Eve Foster",
  "Frank Green",
  "Gina Hill",
  "Hugo Ives",
];
const DEEDS = [
  "asked for a discount on the annual plan",
  "reported that the export of the monthly report fails",
  "moved the review of the contract to next week",
  "likes to be called in the morning, before ten",
  "paid the invoice and thanked the team",
  "wants the prices in euros and not in dollars",
  "complained about slow answers from support",
  "introduced a new colleague from procurement",
];
const PLACES = ["Berlin", "Lyon", "Madrid", "Oslo", "Porto", "Riga", "Turin", "Vienna", "Warsaw"];

/** What 20,000 memories of a sales team say: alike in their words, no two of them the same. */
function notes() {
  return Array.from({ length: COUNT }, (_, i) => ({
    content: `${pick(PEOPLE, i)} of customer ${(i * 7919) % 9973} in ${pick(PLACES, i >> 3)} ${pick(DEEDS, i >> 1)}; see INV-${20_000 + ((i * 37) % 60_000)}, note ${i}.`,
  }));
}

function pick(list: readonly string[], i: number): string {
  return list[i % list.length]!;
}

const NEEDLES: readonly [claim: string, content: string, queries: readonly string[]][] = [
  [
    "an identifier",
    "The long dispute over the delivery, which the customer opened under CASE-77120, was settled; everybody is content with it now.",
    ["CASE-77120", "what happened with case-77120?"],
  ],
  [
    "an exact phrase",
    "She said that the annual discount is on the plan of the report, word for word.",
    ['"discount is on the plan"', "discount is on the plan of the report"],
  ],
  [
    "a misspelt name",
    "Siobhan Johnson prefers tea to coffee, and trains to planes.",
    ["Jonhson", "what does Jhonson like?", "Siobahn"],
  ],
  [
    "a question in other words",
    "Grandmother taught us how to bake bread with sourdough when we were children.",
    ["Who showed them making loaves as kids?", "learning baking from an old relative"],
  ],
];

describeOnEngines(`in a corpus of ${COUNT.toLocaleString("en-US")}`, (engine) => {
  let database: Database;
  let finder: Finder;

  beforeAll(async () => {
    database = await openDatabase(engine);
    const some = notes();
    for (const [i, [, content]] of NEEDLES.entries()) some.splice(3000 + i * 4000, 0, { content });
    finder = await Finder.over(database.storage, some);
  });
  afterAll(() => database.close());

  it.each(NEEDLES)("finds %s first", async (_, content, queries) => {
    for (const query of queries) {
      expect((await finder.find(query)).results[0]?.memory.content, query).toBe(content);
    }
  });

  it("finds first what was written a millisecond ago, by its words and by its meaning", async () => {
    const tenant = await Tenant.make(database.storage);
    Object.assign(tenant, { workspaceId: finder.caller.workspaceId });
    const content = "The violin teacher is Ms Okonkwo, on Tuesdays after school.";
    const [vector] = await builtInEmbedder.embed([searchedText({ title: "", content, metadata: {} })], never);
    await tenant.put(item({ content, visibility: "shared", embedding: { generation: 1, vector: vector! } }));
    for (const query of ["Okonkwo", "who gives the music lessons?", "violin teacher", "Okonwko"]) {
      expect((await finder.find(query)).results[0]?.memory.content, query).toBe(content);
    }
  });
});
