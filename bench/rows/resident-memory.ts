import { setTimeout as delay } from "node:timers/promises";
import { ROOT_KEY, withBench } from "../bench-server.ts";
import { residentMb } from "../process-usage.ts";
import { figure, type Row } from "../row.ts";

const FLOOR_MB = 200;
const WRITES = 100;

export const residentMemory: Row = {
  name: "resident-memory",
  claim: "memory at rest on Postgres, after its first hundred writes and searches",
  measure: (scale) =>
    withBench(async (bench) => {
      const server = await bench.serve();
      for (let at = 0; at < WRITES; at++) {
        await post(server.url, "/api/v1/memories", {
          kind: "note",
          key: `key-${at}`,
          content: `A note, number ${at}.`,
        });
        await post(server.url, "/api/v1/memories:search", { query: `note ${at}` });
      }
      await delay(scale.smoke ? 1000 : 10_000);
      const resident = residentMb(server.pid);
      return [
        {
          row: "memory at rest on Postgres",
          ...{ measured: `${figure(resident)} MB`, baseline: "", ratio: "" },
          ...{ floor: `≤ ${FLOOR_MB} MB`, held: resident <= FLOOR_MB },
        },
      ];
    }),
};

async function post(url: string, path: string, body: object): Promise<void> {
  const answer = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${ROOT_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
