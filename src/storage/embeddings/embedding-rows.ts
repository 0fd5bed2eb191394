import type { CompletedEmbedding, PendingEmbedding } from "../../domain/ports/embedding-queue.ts";
import { searchedText } from "../../domain/searched-text.ts";
import type { Row } from "../engine/session.ts";

/** Rows and parameters that the queue of pending memories and the backlog of a generation share. */
export function byWorkspace(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.workspace_id as string);
}

/** UUIDs hold nothing that an array's text form would have to quote. */
export function uuidArray(ids: readonly string[]): string {
  return `{${ids.join(",")}}`;
}

/** Ids and content revisions, as two arrays of one length. */
export function keysOf(items: readonly { memoryId: string; contentRevision: number }[]): [string, string] {
  return [uuidArray(items.map((item) => item.memoryId)), `{${items.map((item) => item.contentRevision).join(",")}}`];
}

/** Vectors as an array of texts, '' for none. */
export function vectorTexts(items: readonly CompletedEmbedding[]): string {
  return `{${items.map(({ vector }) => (vector === null ? '""' : `"[${vector.join(",")}]"`)).join(",")}}`;
}

/** A row with a memory's id, content_revision, title, content, metadata and attempts. */
export function toPending(workspaceId: string, row: Row): PendingEmbedding {
  const text = searchedText({
    title: row.title as string,
    content: row.content as string,
    metadata: (row.metadata ?? {}) as Readonly<Record<string, never>>,
  });
  return {
    workspaceId,
    memoryId: row.id as string,
    contentRevision: row.content_revision as number,
    text,
    attempts: row.attempts as number,
  };
}
