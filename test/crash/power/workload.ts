import { DomainError } from "../../../src/domain/failure.ts";
import type { PgliteSession } from "../../../src/storage/engine/pglite/pglite-session.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { ids, item, Tenant } from "../../store/tenant.ts";
import type { Acknowledged } from "./acknowledged.ts";
import type { DiskRecorder } from "./disk-recorder.ts";

/** Callers at one time; the engine has one connection, so that their transactions come one after another. */
export const CALLERS = 4;
/** Memories of a batch, which is all there or not at all. */
export const BATCH = 5;
const KEYS = 25;

export interface WorkloadOptions {
  readonly storage: Storage;
  readonly recorder: DiskRecorder;
  readonly acknowledged: Acknowledged;
  /** Number in 0..1. */
  readonly random: () => number;
  readonly operations: number;
}

/** Writes, updates, deletes, purges and batches, with checkpoints, vacuums and new segments of the log in between. */
export async function runWorkload(options: WorkloadOptions): Promise<void> {
  const tenant = await Tenant.make(options.storage);
  let left = options.operations;
  const callers = Array.from({ length: CALLERS }, async () => {
    const own: string[] = [];
    while (left-- > 0) await operate(tenant, own, options);
  });
  await Promise.all(callers);
}

async function operate(tenant: Tenant, own: string[], options: WorkloadOptions): Promise<void> {
  const { random, storage } = options;
  const chance = random();
  if (chance < 0.02) return maintain(storage, random);
  const target = own[Math.floor(random() * own.length)];
  if (target !== undefined && chance < 0.1) return remove(tenant, own, target, options);
  if (chance < 0.2) return writeBatch(tenant, options);
  const key = chance < 0.6 ? `key-${Math.floor(random() * KEYS)}` : null;
  const { memory } = await tenant.put({ key, content: text(random), tags: [`tag-${Math.floor(random() * 9)}`] });
  acknowledge(options, memory.id, memory);
  if (key === null) own.push(memory.id);
}

async function maintain(storage: Storage, random: () => number): Promise<void> {
  const session = storage.session as PgliteSession;
  const chance = random();
  if (chance < 0.25) await session.maintain("vacuum (analyze)");
  if (chance < 0.4) await session.maintain("select pg_switch_wal()");
  await session.maintain("checkpoint");
}

async function remove(tenant: Tenant, own: string[], id: string, options: WorkloadOptions): Promise<void> {
  own.splice(own.indexOf(id), 1);
  const { memories } = tenant.storage;
  if (options.random() < 0.5) {
    const { memory } = await memories.delete(tenant.mutation(), id, null);
    acknowledge(options, id, memory);
  } else {
    await memories.purge(tenant.mutation(), id, null);
    acknowledge(options, id, null);
  }
}

async function writeBatch(tenant: Tenant, options: WorkloadOptions): Promise<void> {
  const content = `batch ${ids.next()}`;
  const { results } = await tenant.write(Array.from({ length: BATCH }, () => item({ content })));
  for (const result of results) {
    if (result instanceof DomainError) throw result;
    acknowledge(options, result.memory.id, result.memory);
  }
}

function acknowledge(
  { acknowledged, recorder }: WorkloadOptions,
  id: string,
  memory: Parameters<Acknowledged["add"]>[2],
) {
  acknowledged.add(recorder.events.length, id, memory);
}

/** Mostly short; one in twenty is stored out of line. */
function text(random: () => number): string {
  const words = random() < 0.05 ? 2000 : 1 + Math.floor(random() * 60);
  return Array.from({ length: words }, () => Math.floor(random() * 1e9).toString(36)).join(" ");
}
