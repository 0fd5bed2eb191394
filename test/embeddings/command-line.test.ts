import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import type { App } from "../../src/app.ts";
import { clientOf } from "../app/wires.ts";
import { FAKE_DIMENSIONS } from "./checked-search.ts";
import { FakeProvider } from "./fake-provider.ts";
import { openAi, RestartableApp } from "./restartable-app.ts";
import { seedMemories } from "./sentences.ts";

const LAUNCHER = join(import.meta.dirname, "../../bin/cairn.mjs");

describe("cairn embeddings", () => {
  const provider = new FakeProvider(FAKE_DIMENSIONS);
  const apps = new RestartableApp("pglite");
  let app: App;

  beforeAll(async () => {
    await provider.start();
    app = await apps.start();
    await seedMemories(clientOf(MemoryService, app, { key: apps.rootKey }), 40);
    await apps.stop(app);
    await provider.behave("down");
    app = await apps.start({ ...openAi(provider.url, FAKE_DIMENSIONS), EMBEDDING_ACTIVATION: "manual" });
  });
  afterAll(async () => {
    await apps.close();
    await provider.stop();
  });

  function cairn(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return started(args).ended;
  }

  function started(args: readonly string[]) {
    const env = { PATH: process.env.PATH, CAIRN_URL: app.url, CAIRN_ROOT_KEY: apps.rootKey };
    const { promise: ended, resolve } = Promise.withResolvers<{ code: number; out: string; err: string }>();
    const child = execFile(process.execPath, [LAUNCHER, "embeddings", ...args], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
    });
    return { child, ended };
  }

  it("shows each generation and how far it is", async () => {
    const { code, out } = await cairn("status");
    expect(code).toBe(0);
    expect(out).toMatch(/1 +static-v1 +256 +active +40 of 40 +0 +0 of 0\n/);
    expect(out).toMatch(/2 +openai:fake-a +64 +building +0 of 40 +40 +0 of 0 +configured\n/);
    const { generations } = JSON.parse((await cairn("status", "--json")).out);
    expect(generations[1]).toMatchObject({ generation: 2, memory_count: "40", missing_count: "40", available: true });
  });

  it("activates nothing that is incomplete, with one line and code 1", async () => {
    const { code, out, err } = await cairn("activate", "2");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^cairn embeddings activate: .*40 vectors are missing\n$/);
  });

  it("shows a build's progress, line by line where there is no terminal, and what is next", async () => {
    const { child, ended } = started(["build"]);
    // The provider is well again once the first line says that nothing is done.
    child.stderr?.once("data", () => void provider.behave("good"));
    const { code, out, err } = await ended;
    expect([code, out]).toEqual([0, "generation 2 (openai:fake-a) is complete; cairn embeddings activate 2 uses it\n"]);
    expect(err).toMatch(/^ {2}0% {2}0 of 40 memories\n/);
    expect(err).toMatch(/100% {2}40 of 40 memories\n$/);
    expect(err).not.toContain("\r");
  });

  it("activates, and then drops what was in use before", async () => {
    expect(await cairn("activate", "2")).toEqual({ code: 0, out: "generation 2 (openai:fake-a) is in use\n", err: "" });
    const refused = await cairn("drop", "2", "--yes");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("generation 2 is the active one")]);
    const dropped = await cairn("drop", "1", "--yes");
    expect([dropped.code, dropped.out]).toEqual([0, "generation 1 (static-v1) is gone\n"]);
    expect((await cairn("status")).out).not.toContain("static-v1");
  });

  it.each([
    [["drop", "1"], "add --yes"],
    [["activate"], "name one generation by its number"],
    [["build", "two"], "name one generation by its number"],
  ])("refuses %j with a line and code 2", async (args, words) => {
    const { code, err } = await cairn(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });
});
