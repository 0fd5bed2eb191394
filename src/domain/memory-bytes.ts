import type { Memory } from "./memory.ts";

const FRAME_BYTES = 500;
const BYTES_A_UNIT = 3;

/** Upper bound of a memory's size in an answer: every UTF-16 unit of its texts as three bytes, and a frame for the rest. */
export function memoryBytes(memory: Memory): number {
  const texts = memory.content.length + memory.title.length + (memory.sourceContext?.length ?? 0);
  const lists = JSON.stringify([memory.tags, memory.linkedEntities, memory.metadata]).length;
  return FRAME_BYTES + (texts + lists) * BYTES_A_UNIT;
}
