import { afterAll, beforeAll, expect, it } from "vitest";
import { EmbeddingStatus } from "../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { App } from "../../src/app.ts";
import { describeOnEngines } from "../app/engines.ts";
import { clientOf } from "../app/wires.ts";
import { checkedSearch, FAKE_DIMENSIONS, type Memories, SearchMode } from "./checked-search.ts";
import { type Behaviour, FakeProvider } from "./fake-provider.ts";
import { openAi, RestartableApp } from "./restartable-app.ts";

const WRITES = 24;
const BUDGET_MS = 250;
/** What a loaded machine may add to the budget: less than a write would take that waits for the slow provider. */
const SLACK_MS = 8000;
const RECOVERY_MS = 120_000;

/** How long each fault lasts; a provider that is down for longer is asked ever more rarely. */
const FAULTS: readonly [Behaviour, number][] = [
  ["down", 20_000],
  ["slow", 6000],
  ["429", 3000],
  ["500", 3000],
  ["dimension", 3000],
  ["nan", 3000],
  ["null", 3000],
  ["half", 3000],
];

describeOnEngines("a provider that fails", (engine) => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp(engine);
  let app: App;
  let memories: Memories;

  beforeAll(async () => {
    await provider.start();
    app = await apps.start({ ...openAi(provider.url, FAKE_DIMENSIONS), EMBEDDING_BUDGET_MS: String(BUDGET_MS) });
    memories = clientOf(MemoryService, app, { key: apps.rootKey });
  });
  afterAll(async () => {
    await apps.close();
    await provider.stop();
  });

  async function write(content: string) {
    const began = performance.now();
    const { memory } = await memories.writeMemory({ memory: { kind: "note", content } });
    return { id: memory?.id ?? "", status: memory?.embeddingStatus, ms: performance.now() - began, content };
  }

  async function statuses(ids: readonly string[]): Promise<EmbeddingStatus[]> {
    const read = await Promise.all(ids.map((memoryId) => memories.getMemory({ memoryId })));
    return [...new Set(read.map((one) => one.memory?.embeddingStatus ?? EmbeddingStatus.UNSPECIFIED))];
  }

  it("has its vectors attached at once while it is well, however it orders them", async () => {
    await provider.behave("reordered");
    const writes = Array.from({ length: 5 }, (_, i) => ({ memory: { kind: "note", content: `Well ${i} in a batch` } }));
    const { results } = await memories.batchWriteMemories({ writes });
    const ids = results.map((one) => one.memoryId);
    await expect.poll(() => statuses(ids)).toEqual([EmbeddingStatus.ATTACHED]);
    const { contents } = await checkedSearch(memories, "Well 3 in a batch", 5, SearchMode.SEMANTIC);
    expect(contents[0]).toBe("Well 3 in a batch");
  });

  it.each(FAULTS)(
    "(%s) costs no write, is found by words at once, and attached soon after",
    { timeout: 300_000 },
    async (fault, heldMs) => {
      await provider.behave(fault);
      const contents = Array.from({ length: WRITES }, (_, i) => `Harbour fault ${fault} with number ${fault}x${i}`);
      const written = await Promise.all(contents.map(write));
      expect(new Set(written.map((one) => one.status))).toEqual(new Set([EmbeddingStatus.PENDING]));
      expect(Math.max(...written.map((one) => one.ms))).toBeLessThan(BUDGET_MS + SLACK_MS);
      const lexical = await checkedSearch(memories, `${fault}x7`, 1, SearchMode.LEXICAL);
      expect(lexical.contents).toEqual([contents[7]]);
      const hybrid = await checkedSearch(memories, `${fault}x8`, 1, SearchMode.HYBRID);
      expect([hybrid.contents[0], hybrid.summary.degraded]).toEqual([contents[8], true]);
      await new Promise((resolve) => setTimeout(resolve, heldMs));
      await provider.behave("good");
      const began = performance.now();
      const ids = written.map((one) => one.id);
      await expect.poll(() => statuses(ids), { timeout: RECOVERY_MS }).toEqual([EmbeddingStatus.ATTACHED]);
      console.log(`${engine}, ${fault}: attached ${Math.round(performance.now() - began)} ms after the recovery`);
      // Each stored vector is compared with the exact one.
      const all = await checkedSearch(memories, `Harbour fault ${fault} with number`, WRITES, SearchMode.SEMANTIC);
      expect([...all.contents].sort()).toEqual([...contents].sort());
    },
  );

  it("has no more calls in flight than it may", () => {
    expect(provider.mostAtOnce).toBeLessThanOrEqual(4);
  });
});
