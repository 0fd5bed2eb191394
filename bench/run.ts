/**
 * `npm run bench`: the numbers that Cairn holds, each as a ratio within one run on one machine.
 *
 *   npm run bench                       all rows; the code is 1 where a floor is not held
 *   npm run bench -- --only search      one row, or several: --only search --only embedding
 *   npm run bench -- --million          a million memories for `search`
 *   npm run bench -- --smoke            seconds instead of minutes: shows that every row can be measured; judges recall, not speed
 *
 * The load comes from a process of its own: raw HTTP/2 with gRPC frames that were encoded before. Needs root, for a Postgres of
 * its own with fsync on.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Measurement, Row } from "./row.ts";
import { embedding } from "./rows/embedding.ts";
import { getById } from "./rows/get-by-id.ts";
import { keyedUpsert } from "./rows/keyed-upsert.ts";
import { ranking } from "./rows/ranking.ts";
import { residentMemory } from "./rows/resident-memory.ts";
import { search } from "./rows/search.ts";
import { startUp } from "./rows/start-up.ts";
import { tableOf } from "./table.ts";

const ROWS: readonly Row[] = [keyedUpsert, getById, search, embedding, ranking, startUp, residentMemory];

const { values } = parseArgs({
  options: {
    smoke: { type: "boolean", default: false },
    million: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
  },
});
const unknown = values.only.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(`no row ${unknown.join(", ")}; there are: ${ROWS.map((row) => row.name).join(", ")}`);
  process.exit(2);
}

const chosen = values.only.length === 0 ? ROWS : ROWS.filter((row) => values.only.includes(row.name));
const [cpu] = cpus();
console.error(`${cpus().length} × ${cpu?.model}, Node ${process.versions.node}${values.smoke ? ", smoke" : ""}`);
const measurements: Measurement[] = [];
for (const row of chosen) {
  const began = performance.now();
  measurements.push(...(await row.measure({ smoke: values.smoke, million: values.million })));
  console.error(`${row.name}: ${((performance.now() - began) / 1000).toFixed(1)} s (${row.claim})`);
}
console.log(`\n${tableOf(measurements)}\n`);
// A smoke run is too short to judge speed by.
const judged = measurements.filter((one) => !values.smoke || one.certain);
if (judged.some((one) => one.held === false)) process.exitCode = 1;
