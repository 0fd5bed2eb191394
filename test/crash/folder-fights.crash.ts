import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type ServedProcess, serveProcess } from "../process/served-process.ts";
import { Arena } from "./folder/arena.ts";
import { hasNamespaces, IN_NAMESPACES } from "./folder/contender.ts";
import { mulberry32 } from "./random.ts";
import { ROOT_KEY } from "./rounds.ts";

/** `npm run prove` fights a thousand times, and every fiftieth time with servers that write. */
const FIGHTS = Number(process.env.CAIRN_FOLDER_FIGHTS ?? 100);
const SERVER_FIGHTS = Math.ceil(FIGHTS / 50);
const SEED = Number(process.env.CAIRN_CRASH_SEED ?? Date.now() % 1_000_000);
const WRITERS = 4;
const NAMESPACES = hasNamespaces ? "" : ", all in one namespace, as this user may not make another";

describe("a fight for a data folder", () => {
  const base = mkdtempSync(join(tmpdir(), "cairn-fight-"));
  const arenas: Arena[] = [];
  const servers: ServedProcess[] = [];
  afterEach(async () => {
    await Promise.all([...arenas.splice(0).map((one) => one.end()), ...servers.splice(0).map((one) => one.kill())]);
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  /** A path of which a socket's would hold half. */
  const folderOf = (name: string, isLong: boolean) => {
    const folder = join(base, ...(isLong ? ["x".repeat(120)] : []), name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };

  it("has one winner, whatever befalls the holder, and a dead holder's lock is free", async () => {
    const began = performance.now();
    arenas.push(
      new Arena(folderOf("short", false), mulberry32(SEED)),
      new Arena(folderOf("long", true), mulberry32(SEED + 1)),
    );
    await Promise.all(
      arenas.map(async (arena) => {
        for (let round = 1; round <= FIGHTS / 2; round++) {
          await arena.round().catch((error: Error) => {
            throw new Error(`seed ${SEED}, round ${round}: ${error.message}`, { cause: error });
          });
        }
      }),
    );
    const freed = arenas.flatMap(({ tally }) => tally.freedMs).sort((a, b) => a - b);
    const fates = [...arenas.reduce((all, { tally }) => add(all, tally.fates), new Map<string, number>())];
    console.log(
      `fights for a data folder: ${FIGHTS}, seed ${SEED}${NAMESPACES}, in ${seconds(began)} s; ` +
        `${fates.map(([fate, count]) => `${count} ${fate}`).join("; ")}; free after a kill: ` +
        `median ${Math.round(freed[freed.length >> 1] ?? 0)} ms, at most ${Math.round(freed.at(-1) ?? 0)} ms`,
    );
  });

  it("between servers that write has one winner, whose acknowledged writes the next one has", async () => {
    const began = performance.now();
    const random = mulberry32(SEED + 2);
    const folder = folderOf("served", true);
    const written = new Map<string, string>();
    const serve = async () => {
      const before = hasNamespaces && random() < 0.5 ? IN_NAMESPACES.filter((one) => one !== "--net") : [];
      return serveProcess({ CAIRN_DATA_DIR: folder, CAIRN_ROOT_KEY: ROOT_KEY }, [], before);
    };
    for (let round = 1; round <= SERVER_FIGHTS; round++) {
      const started = await Promise.allSettled([serve(), serve()]);
      servers.push(...started.filter((one) => one.status === "fulfilled").map(({ value }) => value));
      const refused = started.filter((one) => one.status === "rejected").map(({ reason }) => String(reason));
      expect(refused, `seed ${SEED}, round ${round}`).toEqual([
        expect.stringContaining("is in use by another process"),
      ]);
      const holder = servers[0]!;
      await expectAll(holder, written);
      const writing = Promise.all(Array.from({ length: WRITERS }, (_, i) => write(holder, `${round}-${i}`, written)));
      const enough = written.size + 20 + random() * 30;
      await expect.poll(() => written.size, { timeout: 60_000 }).toBeGreaterThan(enough);
      await delay(random() * 20);
      await holder.kill();
      await writing;
      servers.length = 0;
    }
    const last = await serve();
    servers.push(last);
    await expectAll(last, written);
    console.log(
      `fights of servers for a data folder: ${SERVER_FIGHTS}, seed ${SEED}${NAMESPACES}, in ${seconds(began)} s; ` +
        `${written.size} writes acknowledged, none lost`,
    );
  });
});

const HEADERS = { authorization: `Bearer ${ROOT_KEY}`, "content-type": "application/json" };

/** Writes until the server is gone; notes each memory that it acknowledged. */
async function write(server: ServedProcess, name: string, written: Map<string, string>): Promise<void> {
  for (let i = 0; ; i++) {
    const content = `${name} writes ${i}`;
    const body = JSON.stringify({ kind: "note", content });
    try {
      const answer = await fetch(`${server.url}/api/v1/memories`, { method: "POST", headers: HEADERS, body });
      const { memory } = (await answer.json()) as { memory: { id: string } };
      written.set(memory.id, content);
    } catch {
      return;
    }
  }
}

async function expectAll(server: ServedProcess, written: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, content] of written) {
    const answer = await fetch(`${server.url}/api/v1/memories/${id}`, { headers: HEADERS });
    expect(await answer.json(), `seed ${SEED}`).toMatchObject({ id, content });
  }
}

function add(all: Map<string, number>, more: ReadonlyMap<string, number>): Map<string, number> {
  for (const [name, count] of more) all.set(name, (all.get(name) ?? 0) + count);
  return all;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
