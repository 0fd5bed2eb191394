import { randomUUID } from "node:crypto";
import type { Subjects } from "./subjects.ts";

/** HTTP statuses that each of `callers` gets, in their order. */
type Statuses = readonly [number, number, number, number, number, number, number, number];

export interface RouteRow {
  /** Values of the path's variables, about something in `home`; made anew for every cell. */
  readonly path?: (subjects: Subjects) => Promise<Record<string, string>>;
  readonly query?: string;
  readonly body?: () => object;
  readonly statuses: Statuses;
}

// biome-ignore format: the columns are read as a table
const statuses = {
  //           no key, unknown, wrong workspace, read-only, write-only, other agent, revoked, expired
  readThing:   [401,    401,     404,             200,       403,        404,         401,     401],
  changeThing: [401,    401,     404,             403,       200,        404,         401,     401],
  readAny:     [401,    401,     200,             200,       403,        200,         401,     401],
  createAny:   [401,    401,     201,             403,       201,        201,         401,     401],
  batchAny:    [401,    401,     200,             403,       200,        200,         401,     401],
  readAgent:   [401,    401,     404,             200,       403,        200,         401,     401],
  adminThing:  [401,    401,     404,             403,       403,        403,         401,     401],
  adminCreate: [401,    401,     201,             403,       403,        403,         401,     401],
  adminAny:    [401,    401,     200,             403,       403,        403,         401,     401],
  operator:    [401,    401,     403,             403,       403,        403,         401,     401],
} as const satisfies Record<string, Statuses>;

const memory_id = async (subjects: Subjects) => ({ memory_id: await subjects.newMemory() });
const id = async (subjects: Subjects) => ({ id: await subjects.newMemory() });
const agent = async (subjects: Subjects) => ({ agent: await subjects.newAgent() });
const key_id = async (subjects: Subjects) => ({ key_id: await subjects.newKey() });
const workspace = async (subjects: Subjects) => ({ workspace: await subjects.newWorkspace() });
const generation = async () => ({ generation: "1" });
const note = () => ({ kind: "note", subject_type: "self", content: "Harmless." });
const handle = () => ({ handle: `new-${randomUUID()}` });
const query = () => ({ query: "a secret", limit: 50 });
const empty = () => ({});
const renamed = () => ({ display_name: "Renamed" });

const trustpager = (base: string): Record<string, RouteRow> => ({
  [`GET ${base}`]: { query: "limit=100", statuses: statuses.readAny },
  [`GET ${base}/{id}`]: { path: id, statuses: statuses.readThing },
  [`POST ${base}`]: { body: note, statuses: statuses.createAny },
  [`PATCH ${base}/{id}`]: { path: id, body: () => ({ content: "Changed." }), statuses: statuses.changeThing },
  [`DELETE ${base}/{id}`]: { path: id, statuses: statuses.changeThing },
  [`POST ${base}/search`]: { body: query, statuses: statuses.readAny },
});

/** Every REST route, and what it says to whom. A route that is missing here fails the suite. */
export const routeTable: Readonly<Record<string, RouteRow>> = {
  "POST /api/v1/memories": { body: note, statuses: statuses.createAny },
  "POST /api/v1/memories:batchWrite": { body: () => ({ writes: [{ memory: note() }] }), statuses: statuses.batchAny },
  "GET /api/v1/memories/{memory_id}": { path: memory_id, statuses: statuses.readThing },
  "GET /api/v1/memories": { query: "page_size=100", statuses: statuses.readAny },
  "PATCH /api/v1/memories/{memory_id}": {
    path: memory_id,
    body: () => ({ title: "New" }),
    statuses: statuses.changeThing,
  },
  "DELETE /api/v1/memories/{memory_id}": { path: memory_id, statuses: statuses.changeThing },
  "POST /api/v1/memories/{memory_id}:restore": {
    path: async (subjects) => ({ memory_id: await subjects.newMemory(true) }),
    body: empty,
    statuses: statuses.changeThing,
  },
  "POST /api/v1/memories/{memory_id}:purge": { path: memory_id, body: empty, statuses: statuses.changeThing },
  "GET /api/v1/memories/{memory_id}/revisions": { path: memory_id, statuses: statuses.readThing },
  "POST /api/v1/memories:search": { body: query, statuses: statuses.readAny },
  "POST /api/v1/memories:assembleContext": { body: query, statuses: statuses.readAny },
  "POST /api/v1/agents": { body: handle, statuses: statuses.adminCreate },
  "GET /api/v1/agents/{agent}": { path: agent, statuses: statuses.readAgent },
  "GET /api/v1/agents": { query: "page_size=100", statuses: statuses.readAny },
  "PATCH /api/v1/agents/{agent}": { path: agent, body: renamed, statuses: statuses.adminThing },
  "DELETE /api/v1/agents/{agent}": { path: agent, statuses: statuses.adminThing },
  "POST /api/v1/keys": { body: () => ({ scopes: ["memory:read"] }), statuses: statuses.adminCreate },
  "GET /api/v1/keys": { query: "page_size=100", statuses: statuses.adminAny },
  "POST /api/v1/keys/{key_id}:revoke": { path: key_id, body: empty, statuses: statuses.adminThing },
  "POST /api/v1/keys/{key_id}:rotate": { path: key_id, body: empty, statuses: statuses.adminThing },
  "POST /api/v1/workspaces": { body: handle, statuses: statuses.operator },
  "GET /api/v1/workspaces/{workspace}": { path: workspace, statuses: statuses.operator },
  "GET /api/v1/workspaces": { query: "page_size=100", statuses: statuses.operator },
  "PATCH /api/v1/workspaces/{workspace}": { path: workspace, body: renamed, statuses: statuses.operator },
  "DELETE /api/v1/workspaces/{workspace}": { path: workspace, statuses: statuses.operator },
  "GET /api/v1/embeddings/generations": { statuses: statuses.operator },
  "POST /api/v1/embeddings/generations:build": { body: empty, statuses: statuses.operator },
  "POST /api/v1/embeddings/generations/{generation}:activate": {
    path: generation,
    body: empty,
    statuses: statuses.operator,
  },
  "DELETE /api/v1/embeddings/generations/{generation}": { path: generation, statuses: statuses.operator },
  ...trustpager("/v1/memory"),
  ...trustpager("/functions/v1/api/v1/memory"),
};
