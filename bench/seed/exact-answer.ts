import type { Client } from "pg";
import type { TenantQueries } from "./queries.ts";

export interface Recall {
  readonly searches: number;
  /** Share of the exact best that the answers hold, 0 to 1. */
  readonly recall: number;
  /** Searches that found fewer than asked although there were as many to find. */
  readonly short: number;
}

/** Distances are of halves: two that differ by less than this are equally near. */
const SAME_DISTANCE = 1e-6;

/** Compares the ids that each query found with the exact nearest live memories, computed without any index. */
export async function checkAnswers(
  admin: Client,
  queries: TenantQueries,
  answers: readonly (readonly string[])[],
  limit: number,
): Promise<Recall> {
  let wanted = 0;
  let hits = 0;
  let short = 0;
  for (const [at, found] of answers.entries()) {
    const distances = await exactDistances(admin, queries, at);
    const ranked = [...distances.values()].sort((a, b) => a - b);
    const asked = Math.min(limit, ranked.length);
    const worst = (ranked[asked - 1] as number) + SAME_DISTANCE;
    wanted += asked;
    hits += found.filter((id) => (distances.get(id) ?? Number.POSITIVE_INFINITY) <= worst).length;
    if (found.length < asked) short++;
    if (new Set(found).size !== found.length) throw new Error("a search found a memory twice");
  }
  if (wanted === 0) throw new Error("there was nothing to find");
  return { searches: answers.length, recall: hits / wanted, short };
}

/** Of every live memory of the tenant, by id. */
async function exactDistances(admin: Client, queries: TenantQueries, at: number): Promise<Map<string, number>> {
  const vector = queries.vectors[at] as Float32Array;
  const { rows } = await admin.query(
    `with near as materialized (
       select m.id, (e.embedding::halfvec(${vector.length}) <=> $2::text::halfvec(${vector.length})) as distance
       from memory m join memory_embedding e on e.workspace_id = m.workspace_id and e.memory_id = m.id
       where m.workspace_id = $1 and m.delete_time is null and (m.expire_time is null or m.expire_time > now()))
     select id, distance from near`,
    [queries.tenant.workspaceId, `[${vector.join()}]`],
  );
  return new Map(rows.map((row) => [row.id, Number(row.distance)]));
}
