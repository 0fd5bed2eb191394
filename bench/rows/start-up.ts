import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedProcess, serveProcess } from "../../test/process/served-process.ts";
import { ROOT_KEY, withBench } from "../bench-server.ts";
import { figure, type Measurement, median, type Row, type Scale } from "../row.ts";

const FLOORS = { postgres: 1.5, existing: 1.5, fresh: 6 };

export const startUp: Row = {
  name: "start-up",
  claim: "from the start of the process to its first answer that needs the database",
  measure: async (scale) => [...(await onPostgres(scale)), ...(await onPglite(scale))],
};

function onPostgres(scale: Scale): Promise<readonly Measurement[]> {
  return withBench(async (bench) => {
    // The first start migrates.
    await (await bench.serve()).stop();
    const times: number[] = [];
    for (let turn = 0; turn < (scale.smoke ? 1 : 5); turn++) times.push(await firstAnswer(() => bench.serve()));
    return [line("start to first answer, Postgres", median(times), FLOORS.postgres)];
  });
}

async function onPglite(scale: Scale): Promise<readonly Measurement[]> {
  const fresh: number[] = [];
  const existing: number[] = [];
  for (let turn = 0; turn < (scale.smoke ? 1 : 3); turn++) {
    const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
    const serve = () => serveProcess({ CAIRN_DATA_DIR: folder, CAIRN_ROOT_KEY: ROOT_KEY });
    try {
      fresh.push(await firstAnswer(serve));
      existing.push(await firstAnswer(serve));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return [
    line("start to first answer, existing PGlite folder", median(existing), FLOORS.existing),
    line("start to first answer, fresh PGlite folder", median(fresh), FLOORS.fresh),
  ];
}

/** Seconds. */
async function firstAnswer(serve: () => Promise<ServedProcess>): Promise<number> {
  const began = performance.now();
  const server = await serve();
  try {
    const answer = await fetch(`${server.url}/api/v1/memories`, { headers: { authorization: `Bearer ${ROOT_KEY}` } });
    if (!answer.ok) throw new Error(`the first answer is ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    return (performance.now() - began) / 1000;
  } finally {
    await server.stop();
  }
}

function line(row: string, seconds: number, floor: number): Measurement {
  return {
    ...{ row, measured: `${figure(seconds, 2)} s`, baseline: "", ratio: "" },
    ...{ floor: `≤ ${floor} s`, held: seconds <= floor },
  };
}
