import { existsSync, fdatasyncSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { StartupFailure } from "../startup-failure.ts";
import { makePrivate } from "./data-folder.ts";
import type { PgliteEnd } from "./pglite-end.ts";
import { syncFolder, syncFoldersAbove, syncPaths, syncTree } from "./sync-path.ts";

export interface PgliteFolderOptions {
  /** False: nothing is synced, and the system writes to the disk when it likes. */
  readonly durable: boolean;
  /** A new cluster is made in place, as it comes from a template; else beside it, and renamed once it is whole. */
  readonly inPlace: boolean;
  readonly end: PgliteEnd;
}

/** What is used here of Emscripten's file system, which PGlite leaves untyped. */
interface FsNode {
  readonly parent: FsNode;
  readonly mode: number;
}
interface FsStream {
  readonly node: FsNode;
  readonly nfd: number;
}
interface NodeFsType {
  readonly node_ops: {
    mknod: (parent: FsNode, ...rest: unknown[]) => FsNode;
    rename: (node: FsNode, newParent: FsNode, newName: string) => void;
    unlink: (parent: FsNode, name: string) => void;
    rmdir: (parent: FsNode, name: string) => void;
    setattr: (node: FsNode, attributes: unknown) => void;
  };
  readonly stream_ops: {
    write: (stream: FsStream, ...rest: unknown[]) => number;
    fsync?: (stream: FsStream) => number;
  };
  realPath(node: FsNode): string;
  tryFSOperation<T>(operation: () => T): T;
}
interface EmscriptenFs {
  readonly filesystems: { readonly NODEFS: NodeFsType };
  isDir(mode: number): boolean;
  lookupPath(path: string): { readonly node: { readonly mount: { readonly opts: { root: string } } } };
}

/**
 * PGlite's data folder on a disk. PGlite's own file system has no fsync: this one has, so that a commit is on the disk when it
 * is answered. With a file it syncs the folders that name it, which Postgres leaves to the file system for new tables.
 */
export class PgliteFolder extends NodeFS {
  readonly #place: string;
  readonly #durable: boolean;
  /** Written since their last sync; what was written to a folder is its entries. */
  readonly #unsynced = new Set<FsNode>();
  /** Settles when what former processes left unsynced is on the disk. */
  readonly #inherited: Promise<void>;
  readonly #end: PgliteEnd;
  #staged: boolean;

  constructor(place: string, { durable, inPlace, end }: PgliteFolderOptions) {
    const exists = existsSync(join(place, "PG_VERSION"));
    const staged = !exists && !inPlace;
    if (staged) makeRoom(place);
    const root = staged ? stageOf(place) : place;
    makePrivate(root);
    super(root);
    this.#place = place;
    this.#durable = durable;
    this.#end = end;
    this.#staged = staged;
    const synced = takeMark(place);
    // The data folder's lock says that nobody runs here, and one that a crash left empty would keep us out for ever.
    rmSync(join(place, "postmaster.pid"), { force: true });
    this.#inherited = durable && exists && !synced ? syncTree(place) : Promise.resolve();
    // It is awaited later.
    this.#inherited.catch(() => {});
  }

  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(...args);
    const watch = (module: { FS: unknown }) => {
      if (this.#durable) this.#watch(module.FS as EmscriptenFs);
    };
    return {
      emscriptenOpts: {
        ...emscriptenOpts,
        preRun: [...(emscriptenOpts.preRun ?? []), watch],
        printErr: (line: string) => this.#end.hear(line),
        onAbort: (what: unknown) => this.#end.come(what),
      },
    };
  }

  override async initialSyncFs(): Promise<void> {
    await this.#inherited;
  }

  /** PGlite calls it when a new cluster is written and does not run yet, and after each of its own queries. */
  override async syncToFs(): Promise<void> {
    if (!this.#staged) return;
    this.#staged = false;
    if (this.#durable) await syncTree(this.rootDir);
    rmSync(this.#place, { recursive: true, force: true });
    renameSync(this.rootDir, this.#place);
    this.#fs.lookupPath(PGlite.paths.PGDATA).node.mount.opts.root = this.#place;
    this.#unsynced.clear();
    if (this.#durable) syncFoldersAbove(this.#place);
  }

  /** Syncs the rest and says so in a file, so that the next start need not sync all there is. */
  override async closeFs(): Promise<void> {
    if (this.#durable) {
      const { filesystems, isDir } = this.#fs;
      const paths = (folders: boolean) =>
        [...this.#unsynced]
          .filter(({ mode }) => isDir(mode) === folders)
          .map((node) => filesystems.NODEFS.realPath(node));
      await syncPaths(paths(false), paths(true));
      leaveMark(this.#place);
    }
    await super.closeFs();
  }

  get #fs(): EmscriptenFs {
    return this.pg!.Module.FS as unknown as EmscriptenFs;
  }

  /** Notes what is written, and gives streams the `fsync` that PGlite looks for. */
  #watch({ filesystems: { NODEFS }, isDir }: EmscriptenFs): void {
    const { node_ops: nodes, stream_ops: streams } = NODEFS;
    const { mknod, rename, unlink, rmdir, setattr } = nodes;
    const { write } = streams;
    const unsynced = this.#unsynced;
    nodes.mknod = (parent, ...rest) => {
      const node = mknod(parent, ...rest);
      unsynced.add(parent).add(node);
      return node;
    };
    nodes.rename = (node, newParent, newName) => {
      unsynced.add(node.parent).add(newParent);
      rename(node, newParent, newName);
    };
    nodes.unlink = (parent, name) => {
      unsynced.add(parent);
      unlink(parent, name);
    };
    nodes.rmdir = (parent, name) => {
      unsynced.add(parent);
      rmdir(parent, name);
    };
    nodes.setattr = (node, attributes) => {
      unsynced.add(node);
      setattr(node, attributes);
    };
    streams.write = (stream, ...rest) => {
      unsynced.add(stream.node);
      return write(stream, ...rest);
    };
    streams.fsync = ({ node, nfd }) => {
      const sync = (one: FsNode) => {
        if (isDir(one.mode)) syncFolder(NODEFS.realPath(one));
        else fdatasyncSync(nfd);
      };
      return NODEFS.tryFSOperation(() => {
        for (const one of withFolders(node)) {
          if (!unsynced.has(one)) continue;
          sync(one);
          unsynced.delete(one);
        }
        return 0;
      });
    };
  }
}

function* withFolders(node: FsNode): Generator<FsNode> {
  yield node;
  if (node.parent !== node) yield* withFolders(node.parent);
}

/** What a first start left half made goes; what may hold somebody's memories stays. */
function makeRoom(place: string): void {
  if (existsSync(join(place, "global", "pg_control"))) {
    throw new StartupFailure(
      `${place} is damaged: its PG_VERSION is missing; restore the folder, or move it away to begin anew`,
    );
  }
  rmSync(stageOf(place), { recursive: true, force: true });
}

function stageOf(place: string): string {
  return `${place}.new`;
}

function markOf(place: string): string {
  return `${place}.synced`;
}

/** A mark that cannot be left costs the next start its time. The folder's inode, as a copy of the folder is not synced because the original was. */
function leaveMark(place: string): void {
  try {
    writeFileSync(markOf(place), String(statSync(place).ino));
  } catch {
    rmSync(markOf(place), { force: true });
  }
}

function takeMark(place: string): boolean {
  try {
    return readFileSync(markOf(place), "utf8") === String(statSync(place).ino);
  } catch {
    return false;
  } finally {
    rmSync(markOf(place), { force: true });
  }
}
