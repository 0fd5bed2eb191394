import type { ContextOrder, ContextReference } from "./context.ts";
import type { Memory } from "./memory.ts";

/** What a context shows of a memory. */
export interface ContextItem {
  readonly memory: Memory;
  /** Its place in the search, from 1. */
  readonly rank: number;
  readonly content: string;
}

export interface ContextStyle {
  readonly order: ContextOrder;
  readonly reference: ContextReference;
}

/** The text, and the items in the order in which they stand in it. */
export interface ContextLayout<T extends ContextItem> {
  readonly text: string;
  readonly items: readonly T[];
}

const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/**
 * Lays items out as a Markdown list. `source`: what comes of no source first, then a heading for each source in the order of
 * their first memories, oldest first within each. `time`: oldest first. `relevance`: best first.
 */
export function layOutContext<T extends ContextItem>(items: readonly T[], style: ContextStyle): ContextLayout<T> {
  const ordered = style.order === "relevance" ? items.toSorted(byRank) : items.toSorted(byAge);
  const grouped = style.order === "source" ? bySource(ordered) : ordered;
  const lines: string[] = [];
  let heading: string | null = null;
  for (const [index, item] of grouped.entries()) {
    const own = headingOf(item, style);
    if (own !== heading && own !== null) lines.push(own);
    heading = own;
    lines.push(blockOf(item, style, index + 1));
  }
  return { text: lines.join("").trim(), items: grouped };
}

/**
 * The line above the memories of one source; null where there is none. It ends in a line break and begins with one, so that
 * its tokens never run into those of its neighbours.
 */
export function headingOf({ memory }: ContextItem, { order }: ContextStyle): string | null {
  if (order !== "source" || (memory.sourceKind === null && memory.sourceId === null)) return null;
  return `\n## ${oneLine([memory.sourceKind, memory.sourceId])}\n`;
}

/** The lines of one memory; those after the first are indented, so that nothing in a content looks like another memory. */
export function blockOf({ memory, content }: ContextItem, { reference }: ContextStyle, number: number): string {
  const { createTime, kind, title, subjectType, subjectId } = memory;
  const name = reference === "id" ? memory.id : String(number);
  const subject = subjectType === "self" && subjectId === null ? [] : [oneLine([subjectType, subjectId])];
  const facts = [createTime.toISOString().slice(0, 10), oneLine([kind]), ...subject].join(", ");
  const words = title.trim() === "" ? content : `${oneLine([title])}: ${content}`;
  return `- [${name}] ${facts}: ${words.trim().split(LINE_BREAK).join("\n  ")}\n`;
}

function bySource<T extends ContextItem>(oldestFirst: readonly T[]): readonly T[] {
  const groups = Map.groupBy(oldestFirst, ({ memory }) =>
    memory.sourceKind === null && memory.sourceId === null ? "" : JSON.stringify([memory.sourceKind, memory.sourceId]),
  );
  return [...(groups.get("") ?? []), ...[...groups].flatMap(([source, items]) => (source === "" ? [] : items))];
}

/** Ids are in the order of their times. */
function byAge(a: ContextItem, b: ContextItem): number {
  return a.memory.id < b.memory.id ? -1 : 1;
}

function byRank(a: ContextItem, b: ContextItem): number {
  return a.rank - b.rank;
}

function oneLine(words: readonly (string | null)[]): string {
  return words
    .filter((word) => word !== null)
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}
