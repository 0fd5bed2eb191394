import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SearchRequestSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { eventually } from "../app/collect.ts";
import { describeOnEngines } from "../app/engines.ts";
import { administer } from "../app/fresh-database.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { type MemoryClient, makeWorkspace, memoriesOf, type Workspace } from "../app/tenants.ts";

const READERS = 200;
const POOL = 4;
const SEARCH = "/cairn.v1.MemoryService/Search";

/** Each reader takes so much and no more: far less than its search has to send. */
const WINDOW_BYTES = 16_384;

describeOnEngines("200 readers of a search that stop reading", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let memories: MemoryClient;
  let ids: string[];

  beforeAll(async () => {
    app = await serveApp(engine, { env: { DATABASE_POOL_SIZE: String(POOL), DATABASE_POOL_WAIT_MS: "10000" } });
    workspace = await makeWorkspace(app);
    memories = memoriesOf(app, workspace);
    const content = `A long story of the harbour. ${"wave ".repeat(8000)}`;
    const writes = Array.from({ length: 20 }, () => ({ memory: { kind: "story", content } }));
    ids = (await memories.batchWriteMemories({ writes })).results.map((result) => result.memoryId);
  });

  afterAll(() => app.close());

  it("hold no connection of the database: with a pool of 4, gets still answer", async () => {
    const sessions: ClientHttp2Session[] = [];
    try {
      for (let at = 0; at < READERS / 100; at++) {
        const session = connectHttp2(app.url, { settings: { initialWindowSize: WINDOW_BYTES } });
        session.on("error", () => {});
        sessions.push(session);
        await Promise.all(Array.from({ length: 100 }, () => stall(session, workspace.key)));
      }
      // All of them, unless the machine is so slow that the first have been given up after 30 s without a read.
      expect(await running(app)).toBeGreaterThan(10 * POOL);
      // A get that finds no connection free for 10 s fails.
      const got = await Promise.all(ids.map((memoryId) => memories.getMemory({ memoryId })));
      expect(got).toHaveLength(ids.length);
      // The server's own background work uses one now and then.
      await eventually("none is busy", async () => (await busyConnections(app)) === 0 || undefined);
    } finally {
      for (const session of sessions) session.destroy();
    }
    await eventually("no search runs", async () => (await running(app)) === 0 || undefined);
  });
});

/** Asks for a search, waits for its first bytes and reads no further. */
function stall(session: ClientHttp2Session, key: string): Promise<ClientHttp2Stream> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": SEARCH,
      "content-type": "application/grpc",
      te: "trailers",
      authorization: `Bearer ${key}`,
    });
    stream.on("error", () => {});
    stream.once("close", () => reject(new Error("the search ended, and should be waiting for its reader")));
    stream.once("readable", () => resolve(stream));
    const message = toBinary(SearchRequestSchema, create(SearchRequestSchema, { query: "harbour", limit: 20 }));
    const frame = Buffer.alloc(5 + message.length);
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, 5);
    stream.end(frame);
  });
}

/** Streams that have not ended. */
async function running(app: ServedApp): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  return Number(/^cairn_streams_running (\d+)$/m.exec(metrics)?.[1]);
}

/** Connections of the app that run or hold a transaction; 0 where there is one process and no pool. */
async function busyConnections(app: ServedApp): Promise<number> {
  if (app.database.url === null) return 0;
  return await administer(app.database.url, async (client) => {
    const { rows } = await client.query(
      `select count(*)::int as busy from pg_stat_activity
       where datname = current_database() and application_name = 'cairn' and state <> 'idle'
         and backend_type = 'client backend'`,
    );
    return rows[0].busy;
  });
}
