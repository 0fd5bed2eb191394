import { randomUUID } from "node:crypto";
import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemoryService, SearchMode } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { collect, eventually } from "../app/collect.ts";
import { describeOnEngines } from "../app/engines.ts";
import { newPitch, pitchMemory } from "../app/nurture-agent.ts";
import { jsonLines, rest } from "../app/rest.ts";
import { salesNotes } from "../app/sales-notes.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { makeWorkspace, memoriesOf, type Workspace } from "../app/tenants.ts";
import { clientOf, type WireName, wires } from "../app/wires.ts";

const DISTRACTORS = 2000;
const QUERIES = ["stretched thin on follow-up", "ROI calculator"];

describeOnEngines("a search among 2,000 distractors", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let target: string;

  beforeAll(async () => {
    app = await serveApp(engine);
    workspace = await makeWorkspace(app);
    const memories = memoriesOf(app, workspace);
    const notes = salesNotes(DISTRACTORS).map((memory) => ({ memory }));
    for (let at = 0; at < DISTRACTORS / 2; at += 100) {
      await memories.batchWriteMemories({ writes: notes.slice(at, at + 100) });
    }
    target = (await memories.writeMemory({ memory: pitchMemory(newPitch()) })).memory!.id;
    for (let at = DISTRACTORS / 2; at < DISTRACTORS; at += 100) {
      await memories.batchWriteMemories({ writes: notes.slice(at, at + 100) });
    }
  });

  afterAll(() => app.close());

  describe.each(QUERIES)('for "%s"', (query) => {
    it.each(Object.keys(wires) as WireName[])("streams the pitch first by %s", async (wire) => {
      const parts = await collect(clientOf(MemoryService, app, workspace, wire).search({ query }));
      const ranks = parts.map(({ part }) => (part.case === "result" ? part.value.rank : part.case));
      expect(ranks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "summary"]);
      expect(parts[0]?.part).toMatchObject({ case: "result", value: { memory: { id: target } } });
      expect(parts.at(-1)?.part).toMatchObject({ case: "summary", value: { count: 10, truncated: false } });
    });

    it("streams the pitch first over REST", async () => {
      const { text } = await rest(app, workspace, "POST /api/v1/memories:search", { query, limit: 3 });
      expect(jsonLines(text)[0].result.memory.id).toBe(target);
    });

    it("answers the pitch first over TrustPager's REST", async () => {
      const { json } = await rest(app, workspace, "POST /v1/memory/search", { query });
      expect(json.results[0].id).toBe(target);
    });

    it.each([SearchMode.HYBRID, SearchMode.LEXICAL])("streams the pitch first in mode %s", async (mode) => {
      const [first] = await collect(memoriesOf(app, workspace).search({ query, mode, limit: 1 }));
      expect(first?.part).toMatchObject({ case: "result", value: { memory: { id: target } } });
    });
  });

  it("sends as many as asked for, scores falling, each with its signals", async () => {
    const parts = await collect(
      memoriesOf(app, workspace).search({ query: "price too high this quarter", limit: 100 }),
    );
    const results = parts.flatMap(({ part }) => (part.case === "result" ? [part.value] : []));
    expect(results).toHaveLength(100);
    const scores = results.map((result) => result.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(results.map((result) => result.memory?.id)).size).toBe(100);
    expect(results[0]?.signals).toMatchObject({ lexical: expect.any(Number), cosine: expect.any(Number) });
  });

  it("refuses hundreds of exclusions with 400, naming the query", async () => {
    const query = `pitch ${Array.from({ length: 700 }, (_, i) => `-a${i}+`).join(" ")}`;
    for (const path of [
      "POST /api/v1/memories:search",
      "POST /api/v1/memories:assembleContext",
      "POST /v1/memory/search",
    ]) {
      const { status, text } = await rest(app, workspace, path, { query });
      expect(status, path).toBe(400);
      expect(text, path).toContain("query");
    }
  });

  it("keeps to its filter", async () => {
    const filter = { tagsAny: ["company:Acme"], kinds: ["pitch"] };
    const parts = await collect(memoriesOf(app, workspace).search({ query: "contract and demo", filter, limit: 50 }));
    const found = parts.flatMap(({ part }) => (part.case === "result" ? [part.value.memory!] : []));
    expect(found).toHaveLength(50);
    expect(found.every((memory) => memory.tags.includes("company:Acme") && memory.kind === "pitch")).toBe(true);
  });
});

const LARGE = 75;

describeOnEngines("a search that its reader cancels", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;

  beforeAll(async () => {
    app = await serveApp(engine);
    workspace = await makeWorkspace(app);
    const memories = memoriesOf(app, workspace);
    // 15 MB in all: more than the buffers between server and reader take in.
    const content = `Long notes on onboarding. ${"🌊".repeat(49_900)}`;
    for (let count = 0; count < LARGE; count += 15) {
      const writes = Array.from({ length: 15 }, () => ({ memory: { kind: "note", content } }));
      await memories.batchWriteMemories({ writes });
    }
  });

  afterAll(() => app.close());

  it.each(Object.keys(wires) as WireName[])("stops on the server, by %s", async (wire) => {
    const callId = randomUUID();
    const memories = clientOf(MemoryService, app, workspace, wire);
    const reader = new AbortController();
    const options = { headers: { "x-request-id": callId }, signal: reader.signal };
    const reading = (async () => {
      for await (const { part } of memories.search({ query: "onboarding", limit: LARGE }, options)) {
        expect(part).toMatchObject({ case: "result", value: { rank: 1 } });
        reader.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: Code.Canceled });
    const line = await eventually("the search's log line", () => app.lines.find((one) => one.callId === callId));
    expect(line.code).toBe("canceled");
    expect(Number(line.messages)).toBeLessThan(LARGE);
    await eventually("no stream runs", async () => {
      const metrics = await (await fetch(`${app.url}/metrics`)).text();
      return /^cairn_streams_running 0$/m.test(metrics) || undefined;
    });
  });
});
