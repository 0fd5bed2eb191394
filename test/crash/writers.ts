import { Code, ConnectError } from "@connectrpc/connect";
import type { Memory } from "../../gen/server/cairn/v1/memory_pb.ts";
import { type MemoryClient, memoryClient } from "./clients.ts";
import type { Ledger } from "./ledger.ts";

/** One call in flight each. */
export const WRITERS = 8;
const SHARED_KEYS = 12;
const REMEMBERED = 20;

export interface WriterOptions {
  readonly url: string;
  readonly key: string;
  readonly ledger: Ledger;
  /** Number in 0..1, from a seed that the test prints. */
  readonly random: () => number;
  /** Told after each acknowledged write. */
  readonly onAcknowledged: () => void;
}

export interface Writing {
  /** From now on failures are what the crash does to the calls. */
  crashing(): void;
  /** Ends the writers that the crash did not; answers the failures that it caused. */
  stop(): Promise<readonly ConnectError[]>;
  /** Rejects with the first failure that no crash explains. */
  readonly fault: Promise<never>;
}

let serial = 0;

/** Eight clients, half over gRPC and half over HTTP/1.1 JSON, that write until they are stopped or fail. */
export function startWriters(options: WriterOptions): Writing {
  let stopping = false;
  let crashed = false;
  const failures: ConnectError[] = [];
  let reportFault: (error: unknown) => void = () => {};
  const fault = new Promise<never>((_, reject) => {
    reportFault = reject;
  });
  fault.catch(() => {});
  const writers = Array.from({ length: WRITERS }, async (_, at) => {
    const client = memoryClient(options.url, options.key, at % 2 === 0 ? "grpc" : "json");
    const own: string[] = [];
    while (!stopping) {
      try {
        await writeOnce(client, own, options);
        options.onAcknowledged();
      } catch (error) {
        const failure = ConnectError.from(error);
        // Another writer may have deleted the memory meanwhile.
        if (failure.code === Code.NotFound) continue;
        if (!crashed) {
          reportFault(failure);
          return;
        }
        failures.push(failure);
        return;
      }
    }
  });
  return {
    fault,
    crashing: () => {
      crashed = true;
    },
    stop: async () => {
      stopping = true;
      await Promise.all(writers);
      return failures;
    },
  };
}

/** A keyed write that all writers race for, an unkeyed one, an update or a delete; each with a text of its own. */
async function writeOnce(client: MemoryClient, own: string[], options: WriterOptions): Promise<void> {
  const { random, ledger } = options;
  const chance = random();
  const content = `writing number ${++serial}: ${"cairns mark the way ".repeat(1 + Math.floor(random() * 8))}`;
  const tags = [`serial:${serial}`, `parity:${serial % 2}`];
  const target = own[Math.floor(random() * own.length)];
  if (target !== undefined && chance < 0.25) {
    const answer = await client.updateMemory({
      memoryId: target,
      memory: { content, tags },
      updateMask: { paths: ["content", "tags"] },
    });
    acknowledge(ledger, answer.memory, false);
  } else if (target !== undefined && chance < 0.35) {
    const answer = await client.deleteMemory({ memoryId: target });
    acknowledge(ledger, answer.memory, true);
  } else {
    const keyed = chance < 0.7;
    const shared = `shared-${Math.floor(random() * SHARED_KEYS)}`;
    const key = random() < 0.5 ? shared : `key-${serial}`;
    const answer = await client.writeMemory({ memory: { kind: "crash", content, tags, ...(keyed ? { key } : {}) } });
    acknowledge(ledger, answer.memory, false);
    own.push(answer.memory?.id as string);
    if (own.length > REMEMBERED) own.shift();
  }
}

function acknowledge(ledger: Ledger, memory: Memory | undefined, deleted: boolean): void {
  if (memory === undefined) throw new Error("an answer without its memory");
  const { id, revision, content, tags } = memory;
  ledger.acknowledge(id, { revision, deleted, content, tags });
}
