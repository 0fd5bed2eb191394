import { setTimeout as delay } from "node:timers/promises";
import { memoryClient } from "./clients.ts";
import { Ledger } from "./ledger.ts";
import { mulberry32 } from "./random.ts";
import { verifyAll, verifyRound } from "./verify.ts";
import { startWriters, WRITERS } from "./writers.ts";

/** Rounds of each kind of crash. */
export const ROUNDS = Number(process.env.CAIRN_CRASH_ROUNDS ?? 20);
/** A round crashes once between 100 and 250 writes are acknowledged, and fails where that takes longer than this. */
const LEAST_ACKNOWLEDGED = 100;
const ROUND_TIMEOUT_MS = 180_000;

export const ROOT_KEY = "cairn_crash-test-root-key-0123456789";

export interface CrashScene {
  /** Where the server answers now. */
  url(): string;
  crash(): Promise<void>;
  /** Returns when the server answers again. */
  recover(): Promise<void>;
  /** Judges a failure that the crash caused in a running call. */
  readonly judge?: (failure: Error) => void;
  /** Looks at the database itself, where that is possible while the server runs. */
  readonly inspect?: () => Promise<void>;
}

/**
 * Writes, crashes, recovers and reads back, ROUNDS times over, on the same data.
 *
 * @throws Error at the first acknowledged write that is lost or changed, and at any half-written memory.
 */
export async function runRounds(name: string, scene: CrashScene): Promise<void> {
  const seed = Number(process.env.CAIRN_CRASH_SEED ?? Date.now() % 1_000_000);
  const random = mulberry32(seed);
  const ledger = new Ledger();
  let acknowledged = 0;
  let unanswered = 0;
  const began = performance.now();
  for (let round = 1; round <= ROUNDS; round++) {
    ledger.beginRound();
    const written = await writeUntilCrash(scene, ledger, random).catch((error: unknown) => {
      throw new Error(`${name}, seed ${seed}, round ${round}: ${String(error)}`, { cause: error });
    });
    await scene.recover();
    const strays = await verifyRound(memoryClient(scene.url(), ROOT_KEY, "grpc"), ledger);
    if (strays > WRITERS) {
      throw new Error(`${name}, seed ${seed}, round ${round}: ${strays} revisions that nobody asked for`);
    }
    unanswered += strays;
    acknowledged += written;
    await scene.inspect?.();
  }
  const late = await verifyAll(memoryClient(scene.url(), ROOT_KEY, "grpc"), ledger);
  if (late !== 0) throw new Error(`${name}, seed ${seed}: ${late} revisions came after the last round`);
  const perRound = ((performance.now() - began) / ROUNDS / 1000).toFixed(1);
  console.log(
    `${name}: ${ROUNDS} rounds of ${perRound} s, seed ${seed}, ${acknowledged} writes acknowledged, none lost; ` +
      `${unanswered} committed without an answer`,
  );
}

/** Answers how many writes were acknowledged. */
async function writeUntilCrash(scene: CrashScene, ledger: Ledger, random: () => number): Promise<number> {
  const enough = LEAST_ACKNOWLEDGED + Math.floor(random() * 150);
  let reached: () => void = () => {};
  const writtenEnough = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const onAcknowledged = () => {
    if (ledger.count === enough) reached();
  };
  const writing = startWriters({ url: scene.url(), key: ROOT_KEY, ledger, random, onAcknowledged });
  const timeout = new AbortController();
  const tooSlow = delay(ROUND_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
    throw new Error(`only ${ledger.count} of ${enough} writes within ${ROUND_TIMEOUT_MS} ms`);
  });
  tooSlow.catch(() => {});
  let caught = 0;
  try {
    await Promise.race([writtenEnough, writing.fault, tooSlow]);
    // The crash should hit any phase of a write, not the moment after an answer.
    await delay(random() * 20);
    writing.crashing();
    await scene.crash();
  } finally {
    timeout.abort();
    const failures = await writing.stop();
    for (const failure of failures) scene.judge?.(failure);
    caught = failures.length;
  }
  if (caught === 0) throw new Error("the crash caught no call");
  return ledger.count;
}
