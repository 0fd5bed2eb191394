const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 100;
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/** Rows of a page: 50 where 0 is asked for, at most 100. */
export function pageSizeOf(asked: number): number {
  return asked === 0 ? DEFAULT_PAGE_SIZE : Math.min(asked, MAX_PAGE_SIZE);
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Whether there is more behind the last item. */
  readonly more: boolean;
}

/** Cuts a page out of rows that were read one beyond its size; it ends early at 2 MiB, but never before its first item. */
export function cutPage<T>(rows: readonly T[], size: number, bytesOf: (row: T) => number = () => 0): Page<T> {
  const items: T[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, size)) {
    bytes += bytesOf(row);
    if (bytes > MAX_PAGE_BYTES && items.length > 0) {
      break;
    }
    items.push(row);
  }
  return { items, more: items.length < rows.length };
}
