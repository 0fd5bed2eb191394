/**
 * Prints how Postgres runs each hot query over 100,000 memories of a thousand tenants, as the application's role under row-level
 * security: the scans of its plan, and the median time as a client sees it. docs/query-plans.md quotes it.
 *
 *   CAIRN_TEST_DATABASE_URL=$(npm run -s postgres -- start) node bench/plans/explain.ts [--full]
 *
 * `--full` prints whole plans. Nothing else should run on the machine.
 */
import { parseArgs } from "node:util";
import { Client } from "pg";
import type { MemoryFilter } from "../../src/domain/memory.ts";
import type { SearchCommand } from "../../src/domain/ports/search-store.ts";
import { PROMOTION } from "../../src/storage/embeddings/embedding-queue.ts";
import { MemoryRepository } from "../../src/storage/memories/memory-repository.ts";
import { SqlSearchStore } from "../../src/storage/search/search-store.ts";
import { ExplainingSession, type Plan } from "../../test/search/explaining-session.ts";
import { openDatabase } from "../../test/search/open-database.ts";
import { agentId, SKEWED, seedAtScale, workspaceId } from "../../test/search/seed-at-scale.ts";

const { values: options } = parseArgs({ options: { full: { type: "boolean", default: false } } });
const TURNS = 15;
const never = new AbortController().signal;

const database = await openDatabase("postgres");
const admin = new Client({ connectionString: database.url ?? "" });
await admin.connect();
try {
  await seedAtScale(admin, SKEWED.sizes, PROMOTION.postgres.largeFrom);
  await print();
} finally {
  await admin.end();
  await database.close();
}

async function print(): Promise<void> {
  const { session, tenancy } = database.storage;
  const explaining = new ExplainingSession(session);
  const memories = new MemoryRepository(database.storage.orm.em, explaining, tenancy);
  const searches = new SqlSearchStore(explaining, tenancy);
  console.log("| query | scans | p50 ms |\n|---|---|---|");
  for (const [name, run] of await cases(memories, searches)) {
    explaining.plans.length = 0;
    await run();
    const { plans } = explaining;
    const taken = [...plans];
    const times: number[] = [];
    explaining.silent = true;
    for (let turn = 0; turn < TURNS; turn++) {
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    }
    explaining.silent = false;
    const p50 = times.sort((a, b) => a - b)[Math.floor(TURNS / 2)] as number;
    console.log(`| ${name} | ${scansOf(taken).join(", ")} | ${p50.toFixed(1)} |`);
    if (options.full) for (const plan of taken) console.log(`\n${plan.statement} (${plan.kind})\n${plan.text}\n`);
  }
}

function scansOf(plans: readonly Plan[]): string[] {
  const scans = plans.flatMap(({ text }) => [
    ...text.matchAll(/(?:Scan(?: Backward)? using|Index Scan on|Seq Scan on) (?!pg_)(\w+)/g),
  ]);
  return [...new Set(scans.map(([whole, name]) => (whole.startsWith("Seq") ? `SEQ ${name}` : `${name}`)))];
}

async function cases(memories: MemoryRepository, searches: SqlSearchStore) {
  const all = { workspaceId: workspaceId(0), agentId: null, volumeId: null };
  const agent = { ...all, agentId: agentId(7) };
  const small = { ...all, workspaceId: workspaceId(400) };
  const { rows } = await admin.query(
    "select memory_id, embedding::text from memory_embedding where workspace_id = $1 limit 1",
    [all.workspaceId],
  );
  const vector = { generation: 1, values: Float32Array.from(JSON.parse(rows[0].embedding)) };
  const hidden = { showDeleted: false, showExpired: false };
  const list = (filter: MemoryFilter) => () =>
    memories.list(all, { ...hidden, filter, beforeId: null, limit: 51 }, never);
  const find =
    (who: typeof agent | typeof all, text: string | null, filter: MemoryFilter = {}) =>
    () =>
      searches.candidates(who, { text, language: "english", vector, filter, perRetriever: 50 }, never);
  const rare = "topic42 word77";
  const findWhole = (more: Partial<SearchCommand> = {}) => {
    const whole: SearchCommand = {
      text: rare,
      language: "english",
      vector,
      filter: {},
      perRetriever: 50,
      withTexts: true,
      withNeighbours: true,
    };
    return () => searches.candidates(all, { ...whole, ...more }, never);
  };
  return [
    ["get", () => memories.get(all, rows[0].memory_id, hidden, never)],
    ["list", list({})],
    ["list by subject", list({ subjectType: "contact", subjectId: "c-77" })],
    ["list by a kind that 5 % have", list({ kinds: ["kind-3"] })],
    ["list by a kind that none has", list({ kinds: ["none"] })],
    ["list by tag", list({ tagsAny: ["tag-77"] })],
    ["list by linked entity", list({ linkedEntity: { type: "contact", id: "c-76" } })],
    ["list by agent", list({ agentId: agentId(7) })],
    ["list by source", list({ sourceKind: "email", sourceId: "77" })],
    ["search SEMANTIC, 30,000", find(all, null)],
    ["search HYBRID, 30,000", find(all, rare)],
    ["search HYBRID, 30,000, one word in every memory", find(all, `${rare} shared`)],
    ["search HYBRID, 30,000, as an agent that sees two thirds", find(agent, rare)],
    ["search HYBRID, 30,000, with texts and the memories around each", findWhole()],
    ["search HYBRID, 30,000, a phrase", findWhole({ phrases: ["topic42 and word77"] })],
    ["search HYBRID, 30,000, an excluded word", findWhole({ excluded: ["word78"] })],
    [
      "likely spellings of a word, 30,000",
      () => searches.similarLexemes(all, [{ lexeme: "topik42x", beginnings: ["to", "ot"] }], never),
    ],
    ["search HYBRID, 20 memories", find(small, rare)],
    ["search HYBRID, 30,000, by subject", find(all, rare, { subjectType: "contact", subjectId: "c-77" })],
    ["search HYBRID, 30,000, by tag", find(all, rare, { tagsAny: ["tag-77"] })],
    ["search HYBRID, 30,000, by a kind that 5 % have", find(all, rare, { kinds: ["kind-3"] })],
    ["search HYBRID, 30,000, by metadata", find(all, rare, { metadata: { ref: "meta77" } })],
  ] as const;
}
