import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Cairn, CairnOptions, MemoryInputSchema } from "../../../gen/ts/dist/index.js";
import { Visibility } from "../../../gen/ts/dist/index.js";
import type { Run } from "../plan.ts";

export type MemoryInit = MessageInitShape<typeof MemoryInputSchema>;

/** What the server saw of one call. */
export interface SeenCall {
  readonly method: string;
  readonly code: string;
  readonly messages: number;
}

/** Where one run plays. */
export interface Stage {
  readonly run: Run;
  readonly control: string;
  readonly cairn: Cairn;
  /** A client of the same server and wire with other options. */
  connect(options: Pick<CairnOptions, "apiKey">): Cairn;
  /** The drink's id, once step 1 has written it. */
  drinkId: string;
}

/** One step; throws what is wrong. */
export type Step = (stage: Stage) => Promise<void>;

export const drink: MemoryInit = {
  subjectType: "person",
  subjectId: "ada",
  kind: "preference",
  key: "drink",
  title: "Drink",
  content: "Prefers green tea in the morning",
  metadata: { cups: 2 },
  tags: ["food", "morning"],
  linkedEntities: [{ type: "project", id: "cairn" }],
  confidence: 0.9,
  visibility: Visibility.SHARED,
};

export const harbour = { query: "harbour", filter: { kinds: ["note"] }, limit: 100 };

let calls = 0;

/** An `x-request-id` that asks the test server for something, such as `scenario.delay.5000.…`. */
export function instruct(instruction: string): { id: string; options: { headers: Record<string, string> } } {
  calls++;
  const unique = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}${calls}`;
  const id = `scenario.${instruction}.${unique}`;
  return { id, options: { headers: { "x-request-id": id } } };
}

/** The finished calls of an id, once there are `atLeast`. */
export async function seenBy(stage: Stage, id: string, atLeast = 1): Promise<readonly SeenCall[]> {
  const answer = await fetch(`${stage.control}/calls/${id}?at_least=${atLeast}`);
  return (await answer.json()) as readonly SeenCall[];
}

/** Returns once a call of this id has reached the server. */
export async function begun(stage: Stage, id: string): Promise<void> {
  const answer = await fetch(`${stage.control}/begun/${id}`);
  if ((await answer.json()) !== true) throw new Error(`${id} did not reach the server`);
}

/** All memories of a kind, by the client's own iterator. */
export async function listKind(stage: Stage, kind: string, filter: object = {}) {
  const found = [];
  for await (const memory of stage.cairn.list({ filter: { kinds: [kind], ...filter } })) found.push(memory);
  return found;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
