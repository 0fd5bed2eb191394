import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { amcheck } from "@electric-sql/pglite/contrib/amcheck";
import { afterAll, describe, expect, it } from "vitest";
import { pgliteOptions } from "../../src/storage/engine/pglite/pglite-options.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { Tenant } from "../store/tenant.ts";
import { findHalfWritten } from "./half-written.ts";
import { Acknowledged, type StoredMemory } from "./power/acknowledged.ts";
import { Disk, type Fate } from "./power/disk.ts";
import { DiskRecorder } from "./power/disk-recorder.ts";
import { BATCH, CALLERS, runWorkload } from "./power/workload.ts";
import { mulberry32 } from "./random.ts";

/** `npm run prove` cuts a thousand times. */
const CUTS = Number(process.env.CAIRN_POWER_CUTS ?? 100);
const SEED = Number(process.env.CAIRN_CRASH_SEED ?? Date.now() % 1_000_000);
const OPERATIONS = 600;
/** For one cut, on a busy machine. */
const LONGEST_MS = 30_000;

/** What reaches the disk of what was not synced: nothing, all, and most ways in between. */
const KEPT = [0, 0.1, 0.5, 0.9, 1];

describe("a power cut on PGlite", () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-power-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("loses no acknowledged write and leaves none half done, whatever reached the disk of the rest", {
    timeout: CUTS * LONGEST_MS,
  }, async () => {
    const random = mulberry32(SEED);
    const began = performance.now();
    const { recorder, acknowledged, ready } = await record(join(folder, "data"), random);
    const disk = new Disk(recorder.root);
    let applied = 0;
    let beyond = 0;
    for (const [number, cut] of cutsOf(recorder.events.length, ready, random).entries()) {
      for (; applied < cut; applied++) disk.apply(recorder.events[applied]!);
      const fate = { random, kept: KEPT[number % KEPT.length]!, torn: random() * 0.5 };
      const image = join(folder, "image");
      disk.cut(image, fate);
      try {
        beyond += await verify(image, { cut, acknowledged, isReady: cut >= ready, deep: number % 10 === 0 });
      } catch (error) {
        throw new Error(`seed ${SEED}, cut ${number} at event ${cut}, ${fateOf(fate)}: ${String(error)}`, {
          cause: error,
        });
      }
      rmSync(image, { recursive: true });
      if (number % 100 === 99) console.log(`${number + 1} power cuts, seed ${SEED}`);
    }
    const each = ((performance.now() - began) / CUTS / 1000).toFixed(2);
    console.log(
      `power cuts on PGlite: ${CUTS} of ${each} s, seed ${SEED}, ${recorder.events.length} events, ` +
        `${acknowledged.count} answers, none lost; ${beyond} memories that nobody was told of`,
    );
  });
});

function fateOf({ kept, torn }: Fate): string {
  return `${kept} kept, ${torn.toFixed(2)} torn`;
}

/** One life of a folder, from its first start: where the first answer may come, and each answer's place in the log. */
async function record(dataDir: string, random: () => number) {
  mkdirSync(dataDir);
  const recorder = new DiskRecorder(dataDir);
  const acknowledged = new Acknowledged();
  await recorder.start();
  try {
    const first = await openStorage({ databaseUrl: null, dataDir });
    const ready = recorder.events.length;
    await runWorkload({ storage: first, recorder, acknowledged, random, operations: OPERATIONS / 2 });
    await first.close();
    const second = await openStorage({ databaseUrl: null, dataDir });
    await runWorkload({ storage: second, recorder, acknowledged, random, operations: OPERATIONS / 2 });
    await second.close();
    return { recorder, acknowledged, ready };
  } finally {
    recorder.stop();
  }
}

/** In order; one in ten falls into the first start. */
function cutsOf(events: number, ready: number, random: () => number): readonly number[] {
  const cuts = Array.from({ length: CUTS }, (_, i) =>
    i % 10 === 0 ? Math.floor(random() * ready) : ready + Math.floor(random() * (events - ready + 1)),
  );
  return cuts.sort((a, b) => a - b);
}

interface Expectation {
  readonly cut: number;
  readonly acknowledged: Acknowledged;
  /** The first start was over. */
  readonly isReady: boolean;
  /** Opened and written to as a server does, before it is looked at. */
  readonly deep: boolean;
}

/** Answers how many memories are there that nobody was told of. */
async function verify(dataDir: string, { cut, acknowledged, isReady, deep }: Expectation): Promise<number> {
  let added = 0;
  if (deep || !isReady) {
    const storage = await openStorage({ databaseUrl: null, dataDir });
    const tenant = await Tenant.make(storage);
    await tenant.put({ content: "after the cut" });
    await storage.close();
    added = 1;
  }
  const options = pgliteOptions({ databaseUrl: null, dataDir });
  const database = await PGlite.create({ ...options, extensions: { ...options.extensions, amcheck } });
  try {
    const query = async (sql: string) => (await database.query<Record<string, unknown>>(sql)).rows;
    const stored = (await query(
      "select id, revision, content, delete_time is not null as deleted from memory",
    )) as unknown as readonly StoredMemory[];
    const beyond = acknowledged.verify(cut, stored) - added;
    expect(beyond, "memories that nobody was told of").toBeLessThanOrEqual(CALLERS * BATCH);
    const torn = await query(
      `select content from memory where content like 'batch %' group by content having count(*) <> ${BATCH}`,
    );
    expect(torn, "half of a batch").toEqual([]);
    if (stored.length > 0) await findHalfWritten(query);
    return beyond;
  } finally {
    await database.close();
  }
}
