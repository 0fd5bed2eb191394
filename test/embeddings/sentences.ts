import type { Memories } from "./checked-search.ts";

const WHO = ["The keeper", "A sailor", "My sister", "The baker", "An engineer", "The doctor", "A painter", "The mayor"];
const DID = ["repaired", "forgot", "painted", "sold", "borrowed", "found", "described", "cleaned", "measured", "hid"];
const WHAT = [
  "the old lamp",
  "a red boat",
  "the garden gate",
  "her camera",
  "a wooden bridge",
  "the tax report",
  "a cake",
];
const WHERE = ["in Lisbon", "near the harbour", "at school", "on the roof", "behind the church", "in the forest"];
const WHEN = ["on Monday", "last winter", "at noon", "before the storm", "during lunch", "in the early morning"];

/** A sentence of words that both models know; 20,160 numbers give 20,160 sentences. */
export function sentence(n: number): string {
  let rest = n;
  const next = (words: readonly string[]): string => {
    const word = words[rest % words.length] as string;
    rest = Math.floor(rest / words.length);
    return word;
  };
  return [next(WHO), next(DID), next(WHAT), next(WHERE), next(WHEN)].join(" ");
}

const BATCH = 100;
const LANES = 4;

export async function seedMemories(memories: Memories, count: number, from = 0): Promise<void> {
  let next = from;
  const lane = async () => {
    while (next < from + count) {
      const first = next;
      next += BATCH;
      const size = Math.min(BATCH, from + count - first);
      const writes = Array.from({ length: size }, (_, i) => ({
        memory: { kind: "note", content: `${sentence(first + i)}, as number ${first + i}` },
      }));
      await memories.batchWriteMemories({ writes });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
