import { setTimeout as rest } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { App } from "../../src/app.ts";
import { describeOnEngines } from "../app/engines.ts";
import { administer } from "../app/fresh-database.ts";
import { clientOf } from "../app/wires.ts";
import { checkedSearch, FAKE_DIMENSIONS, type Memories, SearchMode } from "./checked-search.ts";
import { FakeProvider } from "./fake-provider.ts";
import { generationsOf, isActive } from "./generation-client.ts";
import { openAi, RestartableApp } from "./restartable-app.ts";
import { seedMemories, sentence } from "./sentences.ts";

/** PGlite has one connection for everything, so that it has a tenth of the memories. */
const MEMORIES = { postgres: 20_000, pglite: 2_000 };
const LIMIT = 10;
const SEARCHERS = 2;
const WRITERS = 2;

/** ATTACHED, without a vector of the generation that search reads: found by words alone, and nobody would ever mend it. */
const UNSOUND = `select count(*)::integer as count from memory m
  where m.delete_time is null and m.embedding_status = 1 and not exists (
    select from memory_embedding e join embedding_generation g on g.id = e.generation and g.state = 2
    where e.workspace_id = m.workspace_id and e.memory_id = m.id and e.content_revision = m.content_revision)`;

describeOnEngines("a change of the provider while clients write and search", (engine) => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp(engine);
  let app: App;
  let memories: Memories;

  beforeAll(async () => {
    await provider.start();
    app = await apps.start();
    memories = clientOf(MemoryService, app, { key: apps.rootKey });
    await seedMemories(memories, MEMORIES[engine]);
    await apps.stop(app);
  });
  afterAll(async () => {
    await apps.close();
    await provider.stop();
  });

  it("fails no search, returns as many as asked, and reads one generation at a time", {
    timeout: 300_000,
  }, async () => {
    app = await apps.start(openAi(provider.url, FAKE_DIMENSIONS));
    memories = clientOf(MemoryService, app, { key: apps.rootKey });
    const generations = new Map<string, number>();
    let isOver = false;
    let written = 0;
    const kept = new Map<string, string>();
    const writer = async (lane: number) => {
      for (let i = 0; !isOver; i++) {
        const content = `${sentence(i)} written late ${lane}x${i}`;
        const key = `late-${lane}-${i % 200}`;
        const { memory } = await memories.writeMemory({ memory: { kind: "note", key, content } });
        written++;
        kept.set(key, content);
        if (i % 10 === 0) {
          await memories.updateMemory(retold(memory?.id ?? "", `${content} and told anew`));
          kept.set(key, `${content} and told anew`);
        }
        if (i % 10 === 5) {
          await memories.deleteMemory({ memoryId: memory?.id ?? "" });
          kept.delete(key);
        }
        await rest(20);
      }
    };
    const searcher = async (lane: number) => {
      for (let i = 0; !isOver; i++) {
        const mode = i % 2 === 0 ? SearchMode.SEMANTIC : SearchMode.HYBRID;
        const { summary, contents } = await checkedSearch(memories, sentence(i * 7 + lane), LIMIT, mode, isSeeded);
        expect({ count: contents.length, degraded: summary.degraded }).toEqual({ count: LIMIT, degraded: false });
        generations.set(summary.generation, (generations.get(summary.generation) ?? 0) + 1);
        await rest(10);
      }
    };
    const began = performance.now();
    const lanes = [
      ...Array.from({ length: WRITERS }, (_, lane) => writer(lane)),
      ...Array.from({ length: SEARCHERS }, (_, lane) => searcher(lane)),
    ];
    const all = Promise.all(lanes);
    await Promise.race([all, isActive(app, apps.rootKey, "openai:fake-a", 220_000)]);
    const switchedMs = performance.now() - began;
    expect(await invalid()).toBe(0);
    const enough = expect.poll(() => [generations.size, written > 10]).toEqual([2, true]);
    await Promise.race([all, enough]);
    await rest(2000);
    isOver = true;
    await all;
    console.log(
      `${engine}: ${MEMORIES[engine]} memories, ${Math.round(switchedMs)} ms, ${written} writes`,
      generations,
    );
    expect([...generations.keys()].sort()).toEqual(["openai:fake-a", "static-v1"]);
    await expect.poll(() => coverageOf("openai:fake-a")).toEqual({ missing: 0n, failed: 0n });
    expect(await invalid()).toBe(0);
    for (const content of kept.values()) {
      expect((await checkedSearch(memories, content, 1, SearchMode.SEMANTIC)).contents).toEqual([content]);
    }
    expect(apps.lines).toEqual([]);
  });

  async function coverageOf(model: string) {
    const found = (await generationsOf(app, apps.rootKey)).find((one) => one.model === model);
    return found && { missing: found.missingCount, failed: found.failedCount };
  }

  /** PGlite lets no other process look. */
  async function invalid(): Promise<number> {
    if (engine === "pglite") return 0;
    const { DATABASE_URL: url } = await apps.env();
    return administer(url as string, async (client) => (await client.query(UNSOUND)).rows[0].count);
  }
});

function isSeeded(content: string): boolean {
  return !content.includes("written late");
}

function retold(memoryId: string, content: string) {
  return { memoryId, memory: { content }, updateMask: { paths: ["content"] } };
}
