import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { EmbeddingStatus } from "../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { App } from "../../src/app.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { clientOf } from "../app/wires.ts";
import { checkedSearch, FAKE_DIMENSIONS, type Memories, SearchMode } from "./checked-search.ts";
import { FakeProvider } from "./fake-provider.ts";
import { embeddingsOf, generationsOf, isActive, State } from "./generation-client.ts";
import { openAi, RestartableApp } from "./restartable-app.ts";
import { seedMemories } from "./sentences.ts";

const SEEDED = 60;

describeOnEngines("the generations of an operator", (engine) => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp(engine);
  let app: App;
  let memories: Memories;

  beforeAll(async () => {
    await provider.start();
    await restart({});
    await seedMemories(memories, SEEDED);
  });
  afterEach(() => provider.behave("good"));
  afterAll(async () => {
    await apps.close();
    await provider.stop();
  });

  async function restart(env: Readonly<Record<string, string>>): Promise<void> {
    if (app !== undefined) await apps.stop(app);
    app = await apps.start(env);
    memories = clientOf(MemoryService, app, { key: apps.rootKey });
  }

  const manual = (model: string) => ({
    ...openAi(provider.url, FAKE_DIMENSIONS, model),
    EMBEDDING_ACTIVATION: "manual",
  });
  const client = () => embeddingsOf(app, apps.rootKey);
  const states = async () => (await generationsOf(app, apps.rootKey)).map((one) => [one.model, one.state]);
  const stateOf = async (model: string) => {
    const one = (await generationsOf(app, apps.rootKey)).find((any) => any.model === model);
    return one && { state: one.state, missing: Number(one.missingCount) };
  };
  const searched = async () => {
    const { summary, contents } = await checkedSearch(memories, "the old lamp", 10, SearchMode.SEMANTIC);
    return { generation: summary.generation, count: contents.length };
  };
  const rejection = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => null,
      (reason: unknown) => ConnectError.from(reason),
    );
    return [error?.code, error?.rawMessage];
  };

  it("has one active generation from the first start on", async () => {
    expect(await stateOf("static-v1")).toEqual({ state: State.ACTIVE, missing: 0 });
  });

  it("is complete and kept up beside the old one until an operator activates it, where that is wanted", async () => {
    await restart(manual("fake-a"));
    const isBuilt = { state: State.BUILDING, missing: 0 };
    await expect.poll(() => stateOf("openai:fake-a")).toEqual(isBuilt);
    const { memory } = await memories.writeMemory({ memory: { kind: "note", content: "The old lamp is new" } });
    expect(memory?.embeddingStatus).toBe(EmbeddingStatus.ATTACHED);
    await memories.deleteMemory({ memoryId: memory?.id ?? "" });
    await memories.restoreMemory({ memoryId: memory?.id ?? "" });
    await expect.poll(() => stateOf("openai:fake-a")).toEqual(isBuilt);
    expect(await searched()).toEqual({ generation: "static-v1", count: 10 });
    const { generation } = await client().activateEmbeddingGeneration({ generation: 2 });
    expect(generation).toMatchObject({ state: State.ACTIVE, missingCount: 0n, configured: true, available: true });
    expect(await searched()).toEqual({ generation: "openai:fake-a", count: 10 });
    expect(await states()).toEqual([
      ["static-v1", State.RETIRED],
      ["openai:fake-a", State.ACTIVE],
    ]);
  });

  it("refuses what makes no sense, and changes nothing", async () => {
    const before = await states();
    const { dropEmbeddingGeneration, activateEmbeddingGeneration, buildEmbeddingGeneration } = client();
    const precondition = Code.FailedPrecondition;
    expect(await rejection(dropEmbeddingGeneration({ generation: 2 }))).toEqual([
      precondition,
      "generation 2 is the active one",
    ]);
    const notBuilt = [precondition, "generation 1 is not being built"];
    expect(await rejection(activateEmbeddingGeneration({ generation: 1, force: true }))).toEqual(notBuilt);
    for (const call of [dropEmbeddingGeneration, activateEmbeddingGeneration, buildEmbeddingGeneration]) {
      expect(await rejection(call({ generation: 99 }))).toEqual([Code.NotFound, "no generation 99"]);
    }
    expect(await states()).toEqual(before);
  });

  it("goes back to a generation that was kept, with what was written since", async () => {
    await memories.writeMemory({ memory: { kind: "note", content: "Written after the change" } });
    await client().buildEmbeddingGeneration({ generation: 1 });
    await expect.poll(() => stateOf("static-v1")).toEqual({ state: State.BUILDING, missing: 0 });
    await client().activateEmbeddingGeneration({ generation: 1 });
    const { contents } = await checkedSearch(memories, "Written after the change", 1, SearchMode.SEMANTIC);
    expect(contents).toEqual(["Written after the change"]);
  });

  it("drops a generation, whose model gets its number back", async () => {
    const { generation } = await client().dropEmbeddingGeneration({ generation: 2 });
    expect(generation?.state).toBe(State.DROPPING);
    await expect.poll(states).toEqual([["static-v1", State.ACTIVE]]);
    expect(apps.lines).toEqual([]);
    expect(await searched()).toEqual({ generation: "static-v1", count: 10 });
    const again = await client().buildEmbeddingGeneration({});
    expect(again.generation).toMatchObject({ generation: 2, model: "openai:fake-a", state: State.BUILDING });
  });

  it("activates nothing incomplete, but by force, and attaches the rest afterwards", async () => {
    await provider.behave("down");
    await restart(manual("fake-b"));
    await expect.poll(() => stateOf("openai:fake-b")).toEqual({ state: State.BUILDING, missing: SEEDED + 2 });
    const problem = `generation 3 is not complete: ${SEEDED + 2} vectors are missing`;
    expect(await rejection(client().activateEmbeddingGeneration({ generation: 3 }))).toEqual([
      Code.FailedPrecondition,
      problem,
    ]);
    expect(await stateOf("static-v1")).toMatchObject({ state: State.ACTIVE });
    await client().activateEmbeddingGeneration({ generation: 3, force: true });
    expect(await stateOf("openai:fake-b")).toMatchObject({ state: State.ACTIVE, missing: SEEDED + 2 });
    await provider.behave("good");
    await expect.poll(() => stateOf("openai:fake-b")).toEqual({ state: State.ACTIVE, missing: 0 });
    await expect.poll(searched).toEqual({ generation: "openai:fake-b", count: 10 });
  });

  it("leaves the generations alone without a provider, and searches by words", async () => {
    const before = await states();
    await restart({ EMBEDDING_PROVIDER: "none" });
    expect(await states()).toEqual(before);
    const { summary, contents } = await checkedSearch(memories, "the old lamp", 10, SearchMode.HYBRID);
    expect([summary.degraded, contents.length]).toEqual([false, 10]);
    const code = Code.FailedPrecondition;
    expect(await rejection(client().buildEmbeddingGeneration({}))).toEqual([
      code,
      "no embedding provider is configured",
    ]);
    await restart({});
    await isActive(app, apps.rootKey, "static-v1", 120_000);
  });
});

describeOnPostgres("a server without a provider beside one that has it", (engine) => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp(engine);

  beforeAll(() => provider.start());
  afterAll(async () => {
    await apps.close();
    await provider.stop();
  });

  it("leaves what the other has pending alone, and what is written through it gets its vector there", async () => {
    const memoriesOf = (app: App) => clientOf(MemoryService, app, { key: apps.rootKey });
    const having = memoriesOf(await apps.start(openAi(provider.url, FAKE_DIMENSIONS)));
    const lacking = memoriesOf(await apps.start({ EMBEDDING_PROVIDER: "none" }));
    await provider.behave("down");
    const contents = [
      "Written where there is a provider",
      "Written where there is none",
      "Told anew where there is none",
    ];
    const first = await having.writeMemory({ memory: { kind: "note", content: contents[0]! } });
    const second = await lacking.writeMemory({ memory: { kind: "note", content: contents[1]! } });
    const third = await lacking.writeMemory({ memory: { kind: "note", content: "Told" } });
    const written = [first, second, third].map(({ memory }) => memory!);
    expect(written.map((memory) => memory.embeddingStatus)).toEqual(Array(3).fill(EmbeddingStatus.PENDING));
    await lacking.updateMemory({
      ...{ memoryId: written[2]!.id, memory: { content: contents[2]! } },
      updateMask: { paths: ["content"] },
    });
    await provider.behave("good");
    const statuses = () =>
      Promise.all(written.map(async ({ id }) => (await lacking.getMemory({ memoryId: id })).memory?.embeddingStatus));
    await expect.poll(statuses, { timeout: 60_000 }).toEqual(Array(3).fill(EmbeddingStatus.ATTACHED));
    for (const content of contents) {
      expect((await checkedSearch(having, content, 1, SearchMode.SEMANTIC)).contents).toEqual([content]);
    }
  });
});
