import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EmbeddingStatus } from "../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { App } from "../../src/app.ts";
import { asOperator } from "../../src/storage/engine/session.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { clientOf } from "../app/wires.ts";
import { checkedSearch, FAKE_DIMENSIONS, type Memories, SearchMode } from "./checked-search.ts";
import { FakeProvider } from "./fake-provider.ts";
import { isActive } from "./generation-client.ts";
import { openAi, RestartableApp } from "./restartable-app.ts";
import { seedMemories, sentence } from "./sentences.ts";

describeOnEngines("a database whose model is no more", (engine) => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp(engine);
  let app: App;
  let memories: Memories;

  beforeAll(async () => {
    await provider.start();
    await serve({});
    await seedMemories(memories, 50);
    await apps.stop(app);
    const { DATABASE_URL, CAIRN_DATA_DIR } = await apps.env();
    const storage = await openStorage({ databaseUrl: DATABASE_URL ?? null, dataDir: CAIRN_DATA_DIR ?? null });
    const text = "update embedding_generation set model = 'hash-256'";
    await storage.session.run(asOperator, { name: null, text }, [], null);
    await storage.close();
  });
  afterAll(async () => {
    await apps.close();
    await provider.stop();
  });

  async function serve(env: Readonly<Record<string, string>>): Promise<void> {
    app = await apps.start(env);
    memories = clientOf(MemoryService, app, { key: apps.rootKey });
  }

  it("searches by words and says so until the new model's generation is built", async () => {
    await provider.behave("down");
    await serve(openAi(provider.url, FAKE_DIMENSIONS));
    const { summary, contents } = await checkedSearch(memories, sentence(7), 5, SearchMode.HYBRID);
    expect([summary.degraded, summary.generation, contents[0]]).toEqual([true, "", `${sentence(7)}, as number 7`]);
    const semantic = checkedSearch(memories, sentence(7), 5, SearchMode.SEMANTIC);
    const error = ConnectError.from(await semantic.catch((reason: unknown) => reason));
    expect([error.code, error.rawMessage]).toEqual([Code.Unavailable, expect.stringContaining("hash-256")]);
    const { memory } = await memories.writeMemory({ memory: { kind: "note", content: "Written meanwhile" } });
    expect(memory?.embeddingStatus).toBe(EmbeddingStatus.PENDING);
    await provider.behave("good");
    await isActive(app, apps.rootKey, "openai:fake-a", 120_000);
    const found = await checkedSearch(memories, "Written meanwhile", 1, SearchMode.SEMANTIC);
    expect([found.summary.degraded, found.contents]).toEqual([false, ["Written meanwhile"]]);
    const status = async () => (await memories.getMemory({ memoryId: memory?.id ?? "" })).memory?.embeddingStatus;
    await expect.poll(status).toBe(EmbeddingStatus.ATTACHED);
    await apps.stop(app);
  });

  it("goes on with the built-in model after another start", async () => {
    await serve({});
    await isActive(app, apps.rootKey, "static-v1", 120_000);
    const { summary, contents } = await checkedSearch(memories, "Written meanwhile", 1, SearchMode.SEMANTIC);
    expect([summary.generation, contents]).toEqual(["static-v1", ["Written meanwhile"]]);
  });
});

describeOnPostgres("several servers", (engine) => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp(engine);
  beforeAll(() => provider.start());
  afterAll(async () => {
    await apps.close();
    await provider.stop();
  });

  it("agree on the generation that one of them activates", async () => {
    const reaching = await apps.start({ EMBEDDING_URL: provider.url });
    const lacking = await apps.start();
    const of = (app: App) => clientOf(MemoryService, app, { key: apps.rootKey });
    await seedMemories(of(lacking), 100);
    const changed = await apps.start(openAi(provider.url, FAKE_DIMENSIONS));
    await isActive(changed, apps.rootKey, "openai:fake-a", 120_000);
    const searched = async (app: App) => {
      const { summary, contents } = await checkedSearch(of(app), sentence(3), 10, SearchMode.HYBRID);
      return [summary.generation, summary.degraded, contents.length];
    };
    await expect.poll(() => searched(reaching)).toEqual(["openai:fake-a", false, 10]);
    await expect.poll(() => searched(lacking)).toEqual(["", true, 10]);
    // What the one without the provider writes is embedded by the others.
    const { memory } = await of(lacking).writeMemory({ memory: { kind: "note", content: "From the one behind" } });
    expect(memory?.embeddingStatus).toBe(EmbeddingStatus.PENDING);
    const status = async () => (await of(lacking).getMemory({ memoryId: memory?.id ?? "" })).memory?.embeddingStatus;
    await expect.poll(status).toBe(EmbeddingStatus.ATTACHED);
  });
});
