import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { aptMirror } from "./apt-mirror.ts";

/** A Debian tree that holds Postgres with pgvector, ready to be entered by chroot. */
export interface PostgresTree {
  /** The tree's root folder, an absolute path. */
  root: string;
  /** Postgres's major version: 18 from forky, 17 from trixie. */
  major: number;
}

/** The user inside the tree: Postgres refuses to run as root, and the number belongs to nobody outside. */
export const POSTGRES_UID = 4242;

const cache = join(import.meta.dirname, "../../.cache/postgres");
const releases = [
  { name: "forky", major: 18 },
  { name: "trixie", major: 17 },
] as const;

/**
 * Answers a tree with Postgres ≥ 17 and pgvector ≥ 0.8, from the cache (about 1 ms) or from this machine's own
 * Debian archive (about 10 s, 315 MB). Nothing is installed on the machine itself.
 *
 * @throws Error when not root, when this is no Debian, or when neither release can be had.
 */
export function extractPostgres(log: (line: string) => void = (line) => console.error(line)): PostgresTree {
  if (process.getuid?.() !== 0) {
    throw new Error(
      "bringing up a Postgres needs root (it uses chroot); or set CAIRN_TEST_DATABASE_URL to one of your own",
    );
  }
  mkdirSync(cache, { recursive: true });
  return cachedTree() ?? withLock(() => cachedTree() ?? extractFirst(log));
}

function cachedTree(): PostgresTree | undefined {
  for (const { name, major } of releases) {
    const root = join(cache, name);
    if (existsSync(join(root, ".ready"))) return { root, major };
  }
  return undefined;
}

function extractFirst(log: (line: string) => void): PostgresTree {
  const faults: string[] = [];
  const mirror = aptMirror();
  for (const { name, major } of releases) {
    const began = performance.now();
    try {
      const root = extract(name, major, mirror);
      log(`postgres ${major} with pgvector from Debian ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      return { root, major };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      faults.push(`${name}: ${reason}`);
      log(`postgres from Debian ${name} failed: ${reason}`);
    }
  }
  throw new Error(`no Postgres could be brought up\n${faults.join("\n")}`);
}

function extract(release: string, major: number, mirror: string): string {
  const root = join(cache, release);
  const partial = `${root}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const packages = [`postgresql-${major}`, `postgresql-${major}-pgvector`];
  packages.push("libc-bin", "dash", "coreutils", "tzdata", "base-files");
  // A frozen copy of a testing release passes its Valid-Until date; its signatures are checked all the same.
  run(mmdebstrap(), [
    "--quiet",
    "--variant=extract",
    "--mode=root",
    `--include=${packages.join(",")}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Check-Valid-Until "false"',
    release,
    partial,
    mirror,
  ]);
  for (const folder of ["dev/shm", "tmp", "instances"]) {
    mkdirSync(join(partial, folder), { recursive: true });
    chmodSync(join(partial, folder), 0o1777);
  }
  appendFileSync(join(partial, "etc/passwd"), `pg:x:${POSTGRES_UID}:${POSTGRES_UID}::/:/bin/sh\n`);
  makeTemplate(partial, major);
  writeFileSync(join(partial, ".ready"), "");
  rmSync(root, { recursive: true, force: true });
  renameSync(partial, root);
  return root;
}

/** One initdb for all instances: each starts from a copy, which takes a tenth of the time. */
function makeTemplate(root: string, major: number): void {
  const initdb = `/usr/lib/postgresql/${major}/bin/initdb`;
  const options = ["-D", "/instances/template", "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8"];
  run("chroot", [`--userspec=${POSTGRES_UID}:${POSTGRES_UID}`, root, initdb, ...options]);
}

/** The path of mmdebstrap: the machine's own, else Debian's package unpacked (not installed) into the cache. */
function mmdebstrap(): string {
  if (existsSync("/usr/bin/mmdebstrap")) return "/usr/bin/mmdebstrap";
  const folder = join(cache, "mmdebstrap");
  const program = join(folder, "usr/bin/mmdebstrap");
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  try {
    run("apt-get", ["download", "-q", "mmdebstrap"], folder);
  } catch {
    // A new machine has no package lists yet.
    run("apt-get", ["update", "-q"]);
    run("apt-get", ["download", "-q", "mmdebstrap"], folder);
  }
  const archive = readdirSync(folder).find((file) => file.endsWith(".deb"));
  if (archive === undefined) throw new Error("apt-get download mmdebstrap left no package");
  run("dpkg", ["-x", archive, "."], folder);
  return program;
}

function run(program: string, args: readonly string[], cwd = "/"): void {
  try {
    execFileSync(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: "C.UTF-8" },
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    throw new Error(`${program}: ${stderr?.toString().trim().split("\n").slice(-5).join("\n") || message}`);
  }
}

/** Two processes that start on an empty cache must not unpack over each other: the second waits for the first. */
function withLock<T>(task: () => T): T {
  const lock = join(cache, "lock");
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const holder = existsSync(join(lock, "pid")) ? Number(readFileSync(join(lock, "pid"), "utf8")) : undefined;
      if (holder !== undefined && !existsSync(`/proc/${holder}`)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    writeFileSync(join(lock, "pid"), String(process.pid));
    return task();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
