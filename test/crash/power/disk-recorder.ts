import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import type { DiskEvent, Inode, Names } from "./disk-log.ts";

type Path = fs.PathLike;
/** Functions of `node:fs` by name, whose overloads do not matter here. */
type Functions = Record<string, (...args: never[]) => unknown>;

/**
 * Records what this process asks of one folder, at `node:fs`, where everything of the engine and of ours comes by: PGlite's file
 * system, our syncs, and the renames at a first start. The folder must be empty at first; reads are not recorded.
 */
export class DiskRecorder {
  readonly events: DiskEvent[] = [];
  readonly root: Inode = { id: 0, isFolder: true };
  readonly #place: string;
  readonly #entries = new Map<Inode, Map<string, Inode>>([[this.root, new Map()]]);
  readonly #open = new Map<number, Inode>();
  readonly #originals: Functions = {};
  #inodes = 0;
  #inside = false;
  #restoreHandles = () => {};

  constructor(place: string) {
    this.#place = place;
  }

  async start(): Promise<void> {
    this.#patch({
      openSync: this.#openSync,
      closeSync: this.#closeSync,
      writeSync: this.#writeSync,
      writeFileSync: this.#writeFileSync,
      truncateSync: this.#truncateSync,
      mkdirSync: this.#mkdirSync,
      renameSync: this.#renameSync,
      unlinkSync: this.#removeSync("unlinkSync"),
      rmdirSync: this.#removeSync("rmdirSync"),
      rmSync: this.#removeSync("rmSync"),
      fsyncSync: this.#syncSync("fsyncSync"),
      fdatasyncSync: this.#syncSync("fdatasyncSync"),
    });
    await this.#patchHandles();
  }

  stop(): void {
    Object.assign(fs, this.#originals);
    this.#restoreHandles();
    syncBuiltinESMExports();
  }

  #patch(functions: Functions): void {
    for (const [name, replacement] of Object.entries(functions)) {
      const original = (fs as unknown as Functions)[name] as Functions[string];
      this.#originals[name] = original;
      (fs as unknown as Functions)[name] = (...args) =>
        this.#inside ? original(...args) : replacement.apply(this, args);
    }
    syncBuiltinESMExports();
  }

  /** FileHandle.sync, which syncs many files at one time. */
  async #patchHandles(): Promise<void> {
    const handle = await fs.promises.open(this.#place, "r");
    const prototype = Object.getPrototypeOf(handle) as { sync(this: fs.promises.FileHandle): Promise<void> };
    await handle.close();
    const { sync } = prototype;
    const recorder = this;
    prototype.sync = async function (this: fs.promises.FileHandle) {
      const inode = recorder.#find(fs.readlinkSync(`/proc/self/fd/${this.fd}`));
      await sync.call(this);
      if (inode !== null) recorder.events.push({ kind: "sync", inode });
    };
    this.#restoreHandles = () => {
      prototype.sync = sync;
    };
  }

  /** Node's functions call each other: what they do inside is recorded as what was asked of them. */
  #original<Result>(name: string, ...args: readonly unknown[]): Result {
    const inside = this.#inside;
    this.#inside = true;
    try {
      return (this.#originals[name] as unknown as (...all: readonly unknown[]) => Result)(...args);
    } finally {
      this.#inside = inside;
    }
  }

  #openSync(path: Path, flags: string | number = "r", mode?: number): number {
    const bits = typeof flags === "number" ? flags : 0;
    const before = this.#find(path);
    const descriptor = this.#original<number>("openSync", path, flags, mode);
    if (before === null && this.#holds(path)) {
      if (typeof flags === "string" && flags !== "r") throw new Error(`the recorder does not know the flags ${flags}`);
      this.#create(path, false);
    }
    const inode = before ?? this.#find(path);
    if (inode !== null) {
      if ((bits & fs.constants.O_TRUNC) !== 0) this.events.push({ kind: "truncate", file: inode, size: 0 });
      this.#open.set(descriptor, inode);
    }
    return descriptor;
  }

  #closeSync(descriptor: number): void {
    this.#open.delete(descriptor);
    this.#original("closeSync", descriptor);
  }

  #writeSync(descriptor: number, data: NodeJS.ArrayBufferView, offset: number, length: number, at: number): number {
    const written = this.#original<number>("writeSync", descriptor, data, offset, length, at);
    const file = this.#open.get(descriptor);
    if (file !== undefined) {
      const bytes = Buffer.from(Buffer.from(data.buffer, data.byteOffset + offset, written));
      this.events.push({ kind: "write", file, at, bytes });
    }
    return written;
  }

  #writeFileSync(path: Path, data: string | NodeJS.ArrayBufferView, options?: fs.WriteFileOptions): void {
    this.#original("writeFileSync", path, data, options);
    if (!this.#holds(path)) return;
    const file = this.#find(path) ?? this.#create(path, false);
    const bytes =
      typeof data === "string" ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.events.push({ kind: "truncate", file, size: 0 }, { kind: "write", file, at: 0, bytes: Buffer.from(bytes) });
  }

  #truncateSync(path: Path, size = 0): void {
    this.#original("truncateSync", path, size);
    const file = this.#find(path);
    if (file !== null) this.events.push({ kind: "truncate", file, size });
  }

  #mkdirSync(path: Path, options?: fs.MakeDirectoryOptions): unknown {
    const made = this.#original("mkdirSync", path, options);
    if (this.#holds(path) && this.#find(path) === null) this.#create(path, true);
    return made;
  }

  #renameSync(from: Path, to: Path): void {
    this.#original("renameSync", from, to);
    const inode = this.#find(from);
    if (inode === null) return;
    if (dirname(String(from)) !== dirname(String(to))) throw new Error(`${from} moves to another folder: ${to}`);
    this.#name(from, [
      [basename(String(from)), null],
      [basename(String(to)), inode],
    ]);
  }

  #removeSync(name: string) {
    return (path: Path, ...rest: readonly unknown[]): void => {
      this.#original(name, path, ...rest);
      if (this.#find(path) !== null) this.#name(path, [[basename(String(path)), null]]);
    };
  }

  #syncSync(name: string) {
    return (descriptor: number): void => {
      this.#original(name, descriptor);
      const inode = this.#open.get(descriptor);
      if (inode !== undefined) this.events.push({ kind: "sync", inode });
    };
  }

  #create(path: Path, isFolder: boolean): Inode {
    const inode: Inode = { id: ++this.#inodes, isFolder };
    if (isFolder) this.#entries.set(inode, new Map());
    this.#name(path, [[basename(String(path)), inode]]);
    return inode;
  }

  #name(path: Path, names: Names): void {
    const folder = this.#find(dirname(String(path)));
    if (folder === null) throw new Error(`${path} is in a folder that was never made`);
    const entries = this.#entries.get(folder) as Map<string, Inode>;
    for (const [name, inode] of names) {
      if (inode === null) entries.delete(name);
      else entries.set(name, inode);
    }
    this.events.push({ kind: "names", folder, names });
  }

  #holds(path: Path): boolean {
    return String(path).startsWith(`${this.#place}/`);
  }

  /** Null: not there, or elsewhere. */
  #find(path: Path): Inode | null {
    if (String(path) !== this.#place && !this.#holds(path)) return null;
    let inode: Inode | undefined = this.root;
    for (const part of relative(this.#place, join(String(path))).split("/")) {
      if (part !== "") inode = inode && this.#entries.get(inode)?.get(part);
    }
    return inode ?? null;
  }
}
