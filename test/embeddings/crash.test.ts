import { afterAll, beforeAll, expect, it } from "vitest";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { describeOnEngines } from "../app/engines.ts";
import { clientOf } from "../app/wires.ts";
import { type ServedProcess, serveProcess } from "../process/served-process.ts";
import { checkedSearch, FAKE_DIMENSIONS, SearchMode } from "./checked-search.ts";
import { FakeProvider } from "./fake-provider.ts";
import { generationsOf, isActive } from "./generation-client.ts";
import { openAi, RestartableApp } from "./restartable-app.ts";
import { seedMemories, sentence } from "./sentences.ts";

const MEMORIES = 3000;
/** Each kill may cost what was claimed at that moment, and not what was done before. */
const CLAIMED_AT_MOST = 256;
const KILLS = 2;

describeOnEngines("a server that is killed while it builds a generation", (engine) => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp(engine);
  const started: ServedProcess[] = [];

  beforeAll(async () => {
    await provider.start();
    const app = await apps.start();
    await seedMemories(clientOf(MemoryService, app, { key: apps.rootKey }), MEMORIES);
    await apps.stop(app);
  });
  afterAll(async () => {
    for (const server of started) await server.kill();
    await apps.close();
    await provider.stop();
  });

  async function serve() {
    const server = await serveProcess(await apps.env(openAi(provider.url, FAKE_DIMENSIONS)));
    started.push(server);
    return { server, app: { url: server.url, port: Number(new URL(server.url).port) } };
  }

  it("goes on where it was, and ends complete", { timeout: 600_000 }, async () => {
    provider.delayMs = 300;
    const embedded = () => provider.embedded.get("fake-a") ?? 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      // No more than this, however long the search takes: the build is under way when the server is killed.
      provider.limit = (MEMORIES * kill) / (KILLS + 2);
      const { server, app } = await serve();
      await expect.poll(embedded, { timeout: 150_000, interval: 20 }).toBeGreaterThanOrEqual(provider.limit);
      const { summary } = await checkedSearch(
        clientOf(MemoryService, app, { key: apps.rootKey }),
        sentence(5),
        10,
        SearchMode.SEMANTIC,
      );
      expect(summary).toMatchObject({ count: 10, degraded: false, generation: "static-v1" });
      await server.kill();
    }
    provider.delayMs = 0;
    provider.limit = Number.POSITIVE_INFINITY;
    const { app } = await serve();
    await isActive(app, apps.rootKey, "openai:fake-a", 250_000);
    const built = (await generationsOf(app, apps.rootKey)).find((one) => one.configured);
    expect(built).toMatchObject({ memoryCount: BigInt(MEMORIES), attachedCount: BigInt(MEMORIES), missingCount: 0n });
    expect(embedded()).toBeGreaterThanOrEqual(MEMORIES);
    expect(embedded()).toBeLessThanOrEqual(MEMORIES + KILLS * CLAIMED_AT_MOST + 10);
    const { summary } = await checkedSearch(
      clientOf(MemoryService, app, { key: apps.rootKey }),
      sentence(5),
      10,
      SearchMode.SEMANTIC,
    );
    expect(summary).toMatchObject({ count: 10, generation: "openai:fake-a" });
  });
});
