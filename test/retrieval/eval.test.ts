import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import type { Report } from "../../src/cli/eval/report.ts";
import { runCommandLine } from "../../src/cli/run.ts";
import { describeOnEngines, postgresUrl } from "../app/engines.ts";
import { administer } from "../app/fresh-database.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { clientOf } from "../app/wires.ts";

const LAUNCHER = join(import.meta.dirname, "../../bin/cairn.mjs");
const TINY = join(import.meta.dirname, "tiny");
/** A process of its own makes a fresh database: seconds on an idle machine. */
const OWN_SERVER_MS = 240_000;
const KITCHEN_ALONE = join(TINY, "kitchen.json");

interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `cairn eval` in this process; `interruptAt` gets every line of progress and answers whether Ctrl-C is pressed at it. */
async function evaluate(args: readonly string[], interruptAt = (_line: string) => false): Promise<Ending> {
  const interrupt = Promise.withResolvers<string>();
  let out = "";
  let err = "";
  const code = await runCommandLine(["eval", ...args], {
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
      if (interruptAt(text)) interrupt.resolve("SIGINT");
    },
    terminated: interrupt.promise,
  });
  return { code, out, err };
}

describeOnEngines("cairn eval", (engine) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-eval-test-"));
  let app: ServedApp;
  const remote = (...args: string[]) => [...args, "--url", app.url, "--key", app.rootKey];
  const workspaces = async () => {
    const { workspaces: all } = await clientOf(WorkspaceService, app, { key: app.rootKey }).listWorkspaces({});
    return all.map((one) => one.handle);
  };

  beforeAll(async () => {
    app = await serveApp(engine);
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  it("asks every question that can be judged, in every mode, and leaves no workspace behind", async () => {
    const { code, out } = await evaluate(remote(TINY, "--json", "--details"));
    const report = JSON.parse(out) as Report;
    expect(code).toBe(0);
    expect(report).toMatchObject({
      ...{ conversations: 2, memories: 9, skippedQuestions: 1, unknownEvidence: 1, engine: null },
      rows: [
        { mode: "lexical", context: "off", questions: 5, degraded: 0 },
        { mode: "semantic", context: "off", questions: 5, degraded: 0 },
        { mode: "hybrid", context: "off", questions: 5, degraded: 0 },
        { mode: "hybrid", context: "on", questions: 5, degraded: 0 },
      ],
    });
    expect(await workspaces()).toEqual(["default"]);
  });

  it("finds the turns that answer, and judges each conversation by its own turns alone", async () => {
    const { out } = await evaluate(remote(TINY, "--json", "--details", "--mode", "hybrid", "--context", "off"));
    const [row] = (JSON.parse(out) as Report).rows;
    const asked = Object.fromEntries(row!.asked!.map((one) => [one.question, one]));
    expect(asked["When was the garlic planted?"]?.evidence).toEqual({ A1: 1 });
    expect(asked["What is the part number of the new thermostat?"]?.evidence).toEqual({ "D2:1": 1 });
    expect(asked["What leaks?"]?.found.every((turn) => turn.startsWith("A"))).toBe(true);
    expect(row!.recall[10]).toBe(1);
    expect(row!.latencyMs.p50).toBeGreaterThan(0);
    expect(row!.latencyMs.p95).toBeGreaterThanOrEqual(row!.latencyMs.p50);
    expect(row!.categories).toMatchObject({ 1: { questions: 1 }, 2: { questions: 1 }, 4: { questions: 3 } });
  });

  it("asks the first questions alone where there is a limit", async () => {
    const { out } = await evaluate(remote(TINY, "--json", "--mode", "lexical", "--limit", "1"));
    expect((JSON.parse(out) as Report).rows.map((row) => row.questions)).toEqual([2]);
  });

  it("prints a table for people, and tells of its progress elsewhere", async () => {
    const { out, err } = await evaluate(remote(TINY, "--mode", "hybrid,lexical", "--context", "on"));
    expect(out).toMatch(/^2 conversations, 9 memories, 5 questions; /);
    expect(out).toMatch(/hybrid +on +[01]\.\d{3}/);
    expect(out).toContain("1 questions left out");
    expect(err).toContain("conversations loaded: 2 of 2");
    expect(err).toContain("questions asked (hybrid, context on): 5 of 5");
  });

  it("erases its workspaces after Ctrl-C, with code 130 and no figures", async () => {
    const { code, out, err } = await evaluate(remote(TINY), (line) => line.includes("with vectors"));
    expect([code, out]).toEqual([130, ""]);
    expect(err).toContain("interrupted");
    expect(await workspaces()).toEqual(["default"]);
  });

  it("erases its workspaces where the server refuses a conversation, and repeats its words", async () => {
    const wide = { speaker: "x".repeat(201), dia_id: "1", text: "hello" };
    cpSync(KITCHEN_ALONE, join(folder, "a.json"));
    writeFileSync(join(folder, "b.json"), JSON.stringify({ session_1: [wide], qa: [] }));
    const { code, err } = await evaluate(remote(folder));
    expect([code, err]).toEqual([1, expect.stringContaining("subject_id")]);
    expect(await workspaces()).toEqual(["default"]);
  });
});

describeOnEngines("a server of cairn eval's own", (engine) => {
  const temporary = mkdtempSync(join(tmpdir(), "cairn-eval-test-"));
  const env = {
    ...{ PATH: process.env.PATH, TMPDIR: temporary, CAIRN_CI: process.env.CAIRN_CI },
    ...(engine === "postgres" ? { DATABASE_URL: postgresUrl } : {}),
  };
  const start = (...args: string[]) => spawn(process.execPath, [LAUNCHER, "eval", ...args], { env });
  const outOf = (child: ReturnType<typeof start>) => child.stdout.reduce((text, chunk) => text + chunk, "");

  /** What an evaluation made and should have erased. */
  const leftovers = async () => {
    const files = readdirSync(temporary);
    if (engine === "pglite") return files;
    const { rows } = await administer(postgresUrl!, (client) =>
      client.query<{ datname: string }>("select datname from pg_database where datname like 'cairn_eval_%'"),
    );
    return [...files, ...rows.map((row) => row.datname)];
  };

  afterAll(() => rmSync(temporary, { recursive: true }));

  it("takes the provider that is named, says the engine, and leaves nothing in the temporary folder", {
    timeout: OWN_SERVER_MS,
  }, async () => {
    const child = start(TINY, "--json", "--provider", "none", "--mode", "hybrid", "--context", "off");
    const [out] = await Promise.all([outOf(child), once(child, "exit")]);
    const report = JSON.parse(out) as Report;
    expect([child.exitCode, report.engine, report.generation]).toEqual([0, engine, ""]);
    expect(report.rows[0]?.recall[20]).toBeGreaterThan(0.5);
    expect(await leftovers()).toEqual([]);
  });

  it.each([
    ["after a real SIGINT", 1],
    ["after Ctrl-C behind a launcher, which passes on what the terminal has sent already", 2],
  ])("is gone %s", { timeout: OWN_SERVER_MS }, async (_, signals) => {
    // Long enough to be under way still when the signal comes.
    const child = start(join(import.meta.dirname, "corpus"));
    let interrupted = false;
    child.stderr.on("data", (text) => {
      if (interrupted || !String(text).includes("conversations loaded")) return;
      interrupted = child.kill("SIGINT");
      // Two that come together may be one to the system.
      if (signals > 1) setTimeout(() => child.kill("SIGINT"), 20);
    });
    await once(child, "exit");
    expect([interrupted, child.exitCode]).toEqual([true, 130]);
    expect(await leftovers()).toEqual([]);
  });
});
