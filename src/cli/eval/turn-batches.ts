import type { Turn } from "./conversation.ts";

const MOST_TURNS = 100;
/** Of UTF-16; a server takes 4 MiB a batch by default, and no unit of UTF-16 is more than 3 bytes of UTF-8. */
const MOST_CHARACTERS = 1_000_000;

/** Turns in their order, in batches of what one BatchWriteMemories takes: at most 100 and about 3 MB. */
export function* turnBatches(turns: readonly Turn[]): Generator<readonly Turn[]> {
  let batch: Turn[] = [];
  let characters = 0;
  for (const turn of turns) {
    if (batch.length === MOST_TURNS || (batch.length > 0 && characters + turn.content.length > MOST_CHARACTERS)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(turn);
    characters += turn.content.length;
  }
  if (batch.length > 0) yield batch;
}
