import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DiskEvent, Inode, Names } from "./disk-log.ts";

const SECTOR = 512;

/** Changes of a file's content since its last sync, oldest first. */
type Change = { readonly at: number; readonly bytes: Buffer } | { readonly size: number };

/** How a power cut deals with what was not synced. */
export interface Fate {
  /** Number in 0..1. */
  readonly random: () => number;
  /** Share of unsynced changes that reach the disk nevertheless. */
  readonly kept: number;
  /** Share of unsynced writes of which any of their sectors may reach the disk. */
  readonly torn: number;
}

/** A disk that promises what POSIX does: what was synced is there, and of the rest any part, in any order. */
export class Disk {
  readonly #root: Inode;
  readonly #files = new Map<Inode, { synced: Buffer; pending: Change[] }>();
  readonly #folders = new Map<Inode, { readonly synced: Map<string, Inode>; pending: Names[] }>();

  constructor(root: Inode) {
    this.#root = root;
  }

  apply(event: DiskEvent): void {
    if (event.kind === "names") this.#folder(event.folder).pending.push(event.names);
    else if (event.kind === "write") this.#file(event.file).pending.push(event);
    else if (event.kind === "truncate") this.#file(event.file).pending.push(event);
    else this.#sync(event.inode);
  }

  /** Writes into an empty folder what a power cut may leave. */
  cut(target: string, fate: Fate): void {
    this.#writeOut(this.#root, target, fate);
  }

  #sync(inode: Inode): void {
    if (inode.isFolder) {
      const folder = this.#folder(inode);
      for (const names of folder.pending) rename(folder.synced, names);
      folder.pending = [];
      return;
    }
    const file = this.#file(inode);
    file.synced = changed(file.synced, file.pending);
    file.pending = [];
  }

  #writeOut(inode: Inode, target: string, fate: Fate): void {
    if (!inode.isFolder) {
      const { synced, pending } = this.#file(inode);
      const reached = pending.flatMap((change) => reachesDisk(change, fate));
      writeFileSync(target, reached.length === 0 ? synced : changed(Buffer.from(synced), reached), { mode: 0o600 });
      return;
    }
    const { synced, pending } = this.#folder(inode);
    const entries = new Map(synced);
    for (const names of pending) {
      if (fate.random() < fate.kept) rename(entries, names);
    }
    mkdirSync(target, { recursive: true, mode: 0o700 });
    for (const [name, entry] of entries) this.#writeOut(entry, join(target, name), fate);
  }

  #file(inode: Inode) {
    const file = this.#files.get(inode) ?? { synced: Buffer.alloc(0), pending: [] };
    this.#files.set(inode, file);
    return file;
  }

  #folder(inode: Inode) {
    const folder = this.#folders.get(inode) ?? { synced: new Map<string, Inode>(), pending: [] };
    this.#folders.set(inode, folder);
    return folder;
  }
}

function rename(entries: Map<string, Inode>, names: Names): void {
  for (const [name, inode] of names) {
    if (inode === null) entries.delete(name);
    else entries.set(name, inode);
  }
}

/** Whole, in part or not at all. */
function reachesDisk(change: Change, { random, kept, torn }: Fate): readonly Change[] {
  if ("size" in change || random() >= torn) return random() < kept ? [change] : [];
  const parts: Change[] = [];
  for (let from = 0, to = 0; from < change.bytes.length; from = to) {
    to = Math.min(change.bytes.length, from + SECTOR - ((change.at + from) % SECTOR));
    if (random() < 0.5) parts.push({ at: change.at + from, bytes: change.bytes.subarray(from, to) });
  }
  return parts;
}

/** Holes read as zeros. Changes `before` in place where it is large enough. */
function changed(before: Buffer, changes: readonly Change[]): Buffer {
  let size = before.length;
  let content = before;
  for (const change of changes) {
    const end = "size" in change ? change.size : Math.max(size, change.at + change.bytes.length);
    if (end > content.length) content = Buffer.concat([content.subarray(0, size), Buffer.alloc(end * 2 - size)]);
    if (end < size) content.fill(0, end, size);
    if ("bytes" in change) change.bytes.copy(content, change.at);
    size = end;
  }
  return content.subarray(0, size);
}
