import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openAiEmbedder } from "../../src/embedding/openai-embedder.ts";
import { asOperator, inWorkspace, type Row } from "../../src/storage/engine/session.ts";
import type { ActiveEmbedding } from "../../src/usecases/embeddings/active-embedding.ts";
import type { BackgroundLoop } from "../../src/usecases/embeddings/background-loop.ts";
import { type EmbeddingWorkerOptions, embeddingWorker } from "../../src/usecases/embeddings/embedding-worker.ts";
import { requeueLoop } from "../../src/usecases/embeddings/embedding-worker-requeue.ts";
import { embedForWrite } from "../../src/usecases/memories/embed-for-write.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { makeWorkspace, never, seed } from "./seed.ts";

/** An embedding server that behaves as the test says. */
class Provider {
  readonly asked: string[][] = [];
  respond: (input: string[]) => number | "hang" = () => 200;
  #server: Server | null = null;

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const input = JSON.parse(body).input as string[];
        this.asked.push(input);
        const status = this.respond(input);
        if (status === "hang") return;
        response.writeHead(status);
        const embedding = Array.from({ length: 256 }, (_, i) => (i === 0 ? 1 : 0));
        response.end(JSON.stringify({ data: input.map((_, index) => ({ index, embedding })) }));
      });
    });
    await new Promise<void>((done) => this.#server!.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
  }
}

describeOnEngines("embedding worker", (engine) => {
  let database: Database;
  let workspaceId: string;
  let provider: Provider;
  let embedding: ActiveEmbedding;
  let loops: BackgroundLoop[];
  let errors: unknown[];

  beforeAll(async () => {
    database = await openDatabase(engine);
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    workspaceId = await makeWorkspace(database.storage);
    provider = new Provider();
    const url = await provider.start();
    const embedder = openAiEmbedder({ url, model: "m", dimensions: 256, attempts: 1, timeoutMs: 20_000 });
    const { generations } = database.storage;
    embedding = { embedder, generation: await generations.ensure(embedder.model, 256) };
    if (await generations.startBuild(embedding.generation)) await generations.activate(embedding.generation, null);
    loops = [];
    errors = [];
  });
  afterEach(async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
    await provider.stop();
    await sql("delete from memory");
  });

  function startWorker(
    options: EmbeddingWorkerOptions = {},
    active: ActiveEmbedding | null = embedding,
  ): BackgroundLoop {
    const deps = {
      work: database.storage.embeddingQueue,
      embedding: () => active,
      onError: (error: unknown) => errors.push(error),
    };
    const worker = embeddingWorker(deps, { pollMs: 20, firstRetryMs: 5, ...options });
    loops.push(worker);
    worker.start();
    return worker;
  }

  async function sql(text: string): Promise<readonly Row[]> {
    return database.storage.session.run(inWorkspace(workspaceId), { name: null, text }, [], null);
  }

  async function statuses(): Promise<Record<string, number>> {
    const rows = await sql("select content, embedding_status from memory");
    return Object.fromEntries(rows.map((row) => [row.content, row.embedding_status as number]));
  }

  async function eventually(expected: Record<string, number>): Promise<void> {
    await expect.poll(statuses, { interval: 20 }).toEqual(expected);
  }

  function pending(...contents: string[]): Promise<string[]> {
    return seed(
      database.storage,
      workspaceId,
      contents.map((content) => ({ content, embedded: false })),
    );
  }

  it("attaches what is pending, and what comes later once it is woken", async () => {
    await pending("one", "two");
    const worker = startWorker({ pollMs: 3_600_000 });
    await eventually({ one: 1, two: 1 });
    await pending("three");
    worker.wake();
    await eventually({ one: 1, two: 1, three: 1 });
    expect(await sql("select count(*) from memory_embedding")).toEqual([{ count: 3 }]);
  });

  it("finds what another process left, without being woken", async () => {
    startWorker();
    await pending("one");
    await eventually({ one: 1 });
  });

  it("attaches everything once a provider that was down is back", async () => {
    provider.respond = () => 503;
    await pending("one", "two", "three");
    const worker = startWorker({ maxAttempts: 100 });
    await expect.poll(() => provider.asked.length).toBeGreaterThan(3);
    expect(errors[0]).toMatchObject({ reason: "EMBEDDER_UNAVAILABLE" });
    provider.respond = () => 200;
    worker.wake();
    await eventually({ one: 1, two: 1, three: 1 });
  });

  it("singles out the text that the provider refuses, and fails it alone", async () => {
    const contents = ["poison", ...Array.from({ length: 20 }, (_, i) => `text ${i}`)];
    provider.respond = (input) => (input.includes("poison") ? 400 : 200);
    await pending(...contents);
    startWorker({ maxAttempts: 3 });
    await eventually(Object.fromEntries(contents.map((content) => [content, content === "poison" ? 3 : 1])));
  });

  it("marks texts as disabled where no generation is active, and leaves them to others where one is", async () => {
    await pending("one", " ");
    const worker = startWorker({ leaseMs: 30 }, null);
    await expect.poll(async () => (await sql("select from memory where embed_attempts > 0")).length).toBe(2);
    expect(await statuses()).toEqual({ one: 2, " ": 2 });
    const retire = "update embedding_generation set state = 3 where state = 2";
    await database.storage.session.run(asOperator, { name: null, text: retire }, [], null);
    worker.wake();
    await eventually({ one: 4, " ": 4 });
  });

  it("puts everything back at once when it is stopped while the provider hangs, and counts no attempt", async () => {
    provider.respond = () => "hang";
    await pending("one", "two");
    const worker = startWorker({ leaseMs: 600_000 });
    await expect.poll(() => provider.asked.length).toBe(1);
    await worker.stop();
    const rows = await sql("select embedding_status, embed_attempts, embed_after <= now() as due from memory");
    expect(rows).toEqual(Array(2).fill({ embedding_status: 2, embed_attempts: 0, due: true }));
  });

  it("shares the work between workers that race, and embeds no text twice", async () => {
    const contents = Array.from({ length: 100 }, (_, i) => `text ${i}`);
    await pending(...contents);
    for (let i = 0; i < 3; i++) startWorker({ batchSize: 8 });
    await eventually(Object.fromEntries(contents.map((content) => [content, 1])));
    expect(provider.asked.flat().sort()).toEqual([...contents].sort());
  });

  it("embeds everything again for another generation", async () => {
    await seed(database.storage, workspaceId, [{ content: "of the old model" }]);
    const worker = startWorker();
    const { generation } = embedding;
    const queue = database.storage.embeddingQueue;
    const loop = requeueLoop({
      queue,
      generation: () => generation,
      onPending: () => worker.wake(),
      onError: (error) => errors.push(error),
    });
    loops.push(loop);
    loop.start();
    const both = `select generation from memory_embedding order by generation`;
    await expect.poll(() => sql(both)).toEqual([{ generation: 1 }, { generation }]);
    await eventually({ "of the old model": 1 });
    expect(errors).toEqual([]);
  });

  it("leaves a write to the worker where the provider is slower than the budget, or down", async () => {
    provider.respond = () => "hang";
    const start = performance.now();
    expect(await embedForWrite(() => embedding, 60)(["slow"], never)).toEqual(["pending"]);
    expect(performance.now() - start).toBeLessThan(15_000);
    provider.respond = () => 500;
    expect(await embedForWrite(() => embedding, 20_000)(["down", "down too"], never)).toEqual(["pending", "pending"]);
    provider.respond = () => 200;
    const [attached, disabled] = await embedForWrite(() => embedding, 20_000)(["quick", " "], never);
    expect(attached).toMatchObject({ generation: embedding.generation });
    expect(disabled).toBe("disabled");
    expect(await embedForWrite(() => null)(["text"], never)).toEqual(["disabled"]);
  });

  it("gives a write's caller its own reason back when it leaves", async () => {
    provider.respond = () => "hang";
    const stop = new AbortController();
    const reason = new Error("left");
    const made = embedForWrite(() => embedding, 60_000)(["slow"], stop.signal);
    setTimeout(() => stop.abort(reason), 30);
    await expect(made).rejects.toBe(reason);
  });
});
