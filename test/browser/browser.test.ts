import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { type Browser, chromium, type Page, type Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemoryService } from "../../gen/ts/dist/index.js";
import { newPitch, pitchMemory } from "../app/nurture-agent.ts";
import { salesNotes } from "../app/sales-notes.ts";
import { type ServedProcess, serveProcess } from "../process/served-process.ts";
import type { Visit } from "./page.ts";
import { type PageServer, servePage } from "./page-server.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
// `npm run test:browser` asks for it; `npm test` has to pass on a machine without Chromium.
const wanted = process.env.CAIRN_TEST_REQUIRE_BROWSER === "1";
const key = "cairn_0123456789abcdefghijABCDEFGHIJ0123456789abc";
/** A busy machine takes its time over Chromium. */
const START_LIMIT_MS = 90_000;
const protocols = ["connect", "connect-get", "grpc-web"] as const;

/** Method and content type of a GetMemory in each of them. */
const onTheWire = {
  connect: "POST application/json",
  "connect-get": "GET undefined",
  "grpc-web": "POST application/grpc-web+proto",
} as const;

describe.skipIf(!wanted)("a page in Chromium, on another origin than the server", () => {
  let browser: Browser;
  let folder: string;
  let cairn: ServedProcess;
  let allowed: PageServer;
  let foreign: PageServer;
  let page: Page;
  const visit = (protocol: Visit["protocol"]): Visit => ({ baseUrl: cairn.url, key, protocol });

  beforeAll(async () => {
    [allowed, foreign] = await Promise.all([servePage(), servePage()]);
    folder = mkdtempSync(join(tmpdir(), "cairn-browser-"));
    cairn = await serveProcess({ CAIRN_DATA_DIR: folder, CAIRN_ROOT_KEY: key, CORS_ORIGINS: allowed.origin });
    await writeDistractors(cairn.url, 2000);
    browser = await launch();
    page = await open(browser, allowed);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all([allowed?.close(), foreign?.close()]);
    const code = await cairn?.stop();
    rmSync(folder, { recursive: true, force: true });
    expect(code).toBe(0);
  });

  describe.each(protocols)("over %s", (protocol) => {
    it("creates, updates, leaves, deletes and revives one memory under one key", async () => {
      const pitch = newPitch();
      const seen = await page.evaluate(([v, p]) => window.cairn.upsertAndRevive(v, p), [
        visit(protocol),
        pitchMemory(pitch),
      ] as const);
      const outcomes = ["CREATED", "UPDATED", "UNCHANGED", "REVIVED"];
      expect(seen.steps.map((step) => step.outcome)).toEqual(outcomes);
      expect(new Set(seen.steps.map((step) => step.id)).size).toBe(1);
      expect(seen.steps.map((step) => step.revision)).toEqual([1, 2, 2, 4]);
      expect(seen.deleted).toMatchObject({ code: Code.NotFound, reason: "MEMORY_NOT_FOUND", domain: "cairn.v1" });
      expect(seen.read.content).toContain("sequences save 3 hours per week");
      expect(seen.read.metadata).toMatchObject({ feature_pitched: "Automated follow-up sequences" });
      expect(seen.read.tags).toEqual(["feature:follow_up_sequences", "angle:time_savings"]);
      expect(seen.listed).toEqual([seen.steps[0]?.id]);
    });

    it.each(["stretched thin on follow-up", "ROI calculator"])(
      "streams the pitch first among 2,000 others for %j, then the summary",
      async (query) => {
        const { memoryId, parts } = await page.evaluate(([v, p, q]) => window.cairn.findPitch(v, p, q, 10), [
          visit(protocol),
          pitchMemory(newPitch()),
          query,
        ] as const);
        const results = parts.slice(0, -1);
        expect(results[0]?.id).toBe(memoryId);
        expect(results.map((part) => part.rank)).toEqual(results.map((_, index) => index + 1));
        expect(parts.at(-1)).toMatchObject({ kind: "summary", count: results.length });
      },
    );

    it("ends a search that the page aborts, and serves on", async () => {
      const { seen, failure } = await page.evaluate(([v, q]) => window.cairn.stopSearch(v, q), [
        visit(protocol),
        "note",
      ] as const);
      expect(seen).toBe(1);
      expect(failure.code).toBe(Code.Canceled);
      const parts = await page.evaluate(([v, q]) => window.cairn.search(v, q, 3), [visit(protocol), "note"] as const);
      expect(parts.at(-1)?.kind).toBe("summary");
    });

    it("reads the reason of a failure", async () => {
      const missing = await page.evaluate(([v, id]) => window.cairn.readMissing(v, id), [
        visit(protocol),
        randomUUID(),
      ] as const);
      expect(missing).toMatchObject({ code: Code.NotFound, reason: "MEMORY_NOT_FOUND", domain: "cairn.v1" });
      const blank = await page.evaluate((v) => window.cairn.writeBlank(v), visit(protocol));
      expect(blank).toMatchObject({ code: Code.InvalidArgument, reason: "INVALID_FIELD", domain: "cairn.v1" });
      const search = await page.evaluate((v) => window.cairn.searchBlank(v), visit(protocol));
      expect(search).toMatchObject({ code: Code.InvalidArgument, reason: "INVALID_FIELD", domain: "cairn.v1" });
      const stranger = { ...visit(protocol), key: "cairn_wrong" };
      const refused = await page.evaluate(([v, id]) => window.cairn.readMissing(v, id), [
        stranger,
        randomUUID(),
      ] as const);
      expect(refused).toMatchObject({ code: Code.Unauthenticated, reason: "CREDENTIALS_INVALID", domain: "cairn.v1" });
    });

    it("is what goes over the wire", async () => {
      const requests: string[] = [];
      const note = (request: Request) => {
        if (request.url().includes("/GetMemory")) {
          requests.push(`${request.method()} ${request.headers()["content-type"]}`);
        }
      };
      page.on("request", note);
      await page.evaluate(([v, id]) => window.cairn.readMissing(v, id), [visit(protocol), randomUUID()] as const);
      page.off("request", note);
      expect(requests).toEqual([onTheWire[protocol]]);
    });

    it("shows nothing to a page whose origin is not allowed", async () => {
      const stranger = await open(browser, foreign);
      const refused = await stranger.evaluate(([v, id]) => window.cairn.readMissing(v, id), [
        visit(protocol),
        randomUUID(),
      ] as const);
      expect(refused).toMatchObject({ message: "Failed to fetch", reason: undefined });
      await stranger.close();
    });
  });
});

function launch(): Promise<Browser> {
  const quiet = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({
    executablePath,
    timeout: START_LIMIT_MS,
    args: ["--no-sandbox", "--disable-gpu", ...quiet],
  });
}

async function open(browser: Browser, server: PageServer): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(server.origin, { timeout: START_LIMIT_MS });
  return page;
}

async function writeDistractors(baseUrl: string, count: number): Promise<void> {
  const memories = createClient(MemoryService, createConnectTransport({ baseUrl, httpVersion: "1.1" }));
  const notes = salesNotes(count);
  for (let first = 0; first < count; first += 100) {
    const writes = notes.slice(first, first + 100).map((memory) => ({ memory }));
    await memories.batchWriteMemories({ writes }, { headers: { authorization: `Bearer ${key}` } });
  }
}
