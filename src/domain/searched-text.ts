import type { JsonValue } from "./json.ts";
import type { MemoryBody } from "./memory.ts";

/** Code points of the searched text that are embedded or reranked; words beyond it are still found lexically. */
export const SEARCHED_TEXT_LIMIT = 4000;

/**
 * What a memory is searched by: its title, its content and the strings and numbers in its metadata, one a line, capped at
 * SEARCHED_TEXT_LIMIT code points. Keys are walked in sorted order, as the database keeps no order of its own.
 */
export function searchedText(memory: Pick<MemoryBody, "title" | "content" | "metadata">): string {
  const lines = [memory.title, memory.content].filter((line) => line !== "");
  let room = SEARCHED_TEXT_LIMIT * 2 - memory.title.length - memory.content.length;
  for (const leaf of leaves(memory.metadata)) {
    if (room <= 0) break;
    lines.push(leaf);
    room -= leaf.length;
  }
  return firstCodePoints(lines.join("\n"), SEARCHED_TEXT_LIMIT);
}

function* leaves(value: JsonValue): Generator<string> {
  if (typeof value === "string") {
    if (value !== "") yield value;
  } else if (typeof value === "number") {
    yield String(value);
  } else if (isList(value)) {
    for (const item of value) yield* leaves(item);
  } else if (value !== null && typeof value === "object") {
    for (const key of Object.keys(value).sort()) yield* leaves(value[key] ?? null);
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function firstCodePoints(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = 0;
  for (let count = 0; count < limit && end < text.length; count++) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}
