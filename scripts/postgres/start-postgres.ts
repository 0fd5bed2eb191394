import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { extractPostgres, POSTGRES_UID, type PostgresTree } from "./extract-postgres.ts";
import { portToKeep } from "./port-to-keep.ts";

export interface PostgresOptions {
  /** Names the data folder, so that another process can find it; a random one when absent. */
  name?: string;
  /** Whether commits reach the disk before they are answered. Default true, as in production. */
  fsync?: boolean;
  /** Further settings, e.g. `{ max_connections: "50" }`. */
  settings?: Readonly<Record<string, string>>;
}

/** A Postgres server of our own with pgvector available, on loopback, its port kept through restarts. */
export interface Postgres {
  /** Of the superuser `postgres`, database `postgres`, no password. */
  readonly url: string;
  readonly port: number;
  /** Starts it again after stop() or kill(); replays the log first where it was killed. Does nothing when it runs. */
  start(): Promise<void>;
  /** Ends it: `fast` disconnects clients and writes a checkpoint, `immediate` leaves recovery to the next start. */
  stop(mode?: "fast" | "immediate"): Promise<void>;
  /** SIGKILL to the server and all its processes, as a crash would; returns once none is left. */
  kill(): Promise<void>;
  /** Stops it and erases its data. */
  remove(): Promise<void>;
  /** The last lines of its log, for a failure's message. */
  log(lines?: number): string;
}

/**
 * Starts a server with a fresh data folder (0.3 s; the first ever on a machine 10 s more), or the one that an
 * earlier call gave the same name. Instances that are not stopped end with this process.
 *
 * @throws Error when the server does not come up, with the end of its log.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const tree = extractPostgres();
  for (const name of orphans(tree)) new Instance(tree, name, {}).abandon();
  const name = options.name ?? `${process.pid}-${randomBytes(3).toString("hex")}`;
  const instance = new Instance(tree, name, { fsync: options.fsync === false ? "off" : "on", ...options.settings });
  await instance.start();
  if (options.name === undefined) process.once("exit", () => instance.abandon());
  return instance;
}

/** The named instance if its server is running, for a process that did not start it. */
export function runningPostgres(name: string): Postgres | undefined {
  const instance = new Instance(extractPostgres(), name, {});
  return instance.running() ? instance : undefined;
}

class Instance implements Postgres {
  #port = 0;
  readonly #tree: PostgresTree;
  readonly #inside: string;
  readonly #data: string;
  readonly #portFile: string;
  readonly #settings: Readonly<Record<string, string>>;

  constructor(tree: PostgresTree, name: string, settings: Readonly<Record<string, string>>) {
    if (!/^[a-z0-9-]+$/.test(name) || name === "template") throw new Error(`"${name}" cannot name an instance`);
    this.#tree = tree;
    this.#inside = `/instances/${name}`;
    this.#data = join(tree.root, this.#inside);
    this.#portFile = join(this.#data, "cairn.port");
    this.#settings = settings;
  }

  get port(): number {
    if (this.#port === 0 && existsSync(this.#portFile)) this.#port = Number(readFileSync(this.#portFile, "utf8"));
    return this.#port;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  running(): boolean {
    return this.#pid() !== undefined;
  }

  async start(): Promise<void> {
    if (this.running()) return;
    if (!existsSync(this.#data)) this.#create();
    // Where init is slow to reap, a killed server stays a zombie, which Postgres takes for a living rival.
    rmSync(join(this.#data, "postmaster.pid"), { force: true });
    for (let attempt = 1; ; attempt++) {
      if (this.port === 0) this.#port = await portToKeep();
      writeFileSync(this.#portFile, String(this.#port));
      try {
        this.#control(["-w", "-t", "60", "-l", `${this.#inside}/log`, "-o", this.#serverOptions(), "start"]);
        return;
      } catch (error) {
        // Between our look and its bind another process may have taken the port.
        if (attempt === 3 || !this.log().includes("Address already in use")) {
          throw new Error(`postgres did not start: ${String(error)}\n${this.log()}`);
        }
        this.#port = 0;
        rmSync(this.#portFile);
      }
    }
  }

  async stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    if (this.running()) this.#control(["-w", "-t", "60", "-m", mode, "stop"]);
  }

  async kill(): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    const family = [pid, ...childrenOf(pid)];
    signal(family, "SIGKILL");
    for (let waited = 0; family.some(alive); waited += 5) {
      if (waited > 10_000) throw new Error("postgres survived SIGKILL for 10 s");
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  async remove(): Promise<void> {
    await this.stop("immediate");
    this.abandon();
  }

  /** The synchronous end of an instance, for the process's own exit. */
  abandon(): void {
    const pid = this.#pid();
    if (pid !== undefined) signal([pid, ...childrenOf(pid)], "SIGKILL");
    rmSync(this.#data, { recursive: true, force: true, maxRetries: 5 });
  }

  log(lines = 20): string {
    const file = join(this.#data, "log");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "";
  }

  #create(): void {
    mkdirSync(this.#data, { mode: 0o700 });
    cpSync(join(this.#tree.root, "instances/template"), this.#data, { recursive: true, preserveTimestamps: true });
    execFileSync("chown", ["-R", `${POSTGRES_UID}:${POSTGRES_UID}`, this.#data]);
    chownSync(this.#data, POSTGRES_UID, POSTGRES_UID);
    chmodSync(this.#data, 0o700);
  }

  #serverOptions(): string {
    const settings: Record<string, string> = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      max_connections: "200",
      shared_buffers: "256MB",
      ...this.#settings,
    };
    const flags = Object.entries(settings).map(([key, value]) => `-c ${key}='${value}'`);
    return [`-p ${this.#port}`, ...flags].join(" ");
  }

  #control(args: readonly string[]): void {
    const program = `/usr/lib/postgresql/${this.#tree.major}/bin/pg_ctl`;
    const user = `--userspec=${POSTGRES_UID}:${POSTGRES_UID}`;
    execFileSync("chroot", [user, this.#tree.root, program, "-D", this.#inside, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", CAIRN_CI: process.env.CAIRN_CI },
    });
  }

  #pidFile(): string[] | undefined {
    const file = join(this.#data, "postmaster.pid");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n") : undefined;
  }

  /** The server's process id, if the process that the pid file names is alive and a Postgres. */
  #pid(): number | undefined {
    const pid = Number(this.#pidFile()?.[0]);
    return pid > 0 && alive(pid) && commandOf(pid).includes("postgres") ? pid : undefined;
  }
}

/** Unnamed instances whose process was killed before it could end them. */
function orphans(tree: PostgresTree): string[] {
  const owner = (name: string) => Number(/^(\d+)-[0-9a-f]{6}$/.exec(name)?.[1]);
  return readdirSync(join(tree.root, "instances")).filter((name) => owner(name) > 0 && !alive(owner(name)));
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** The fields of /proc/<pid>/stat after the command: state, parent, … Undefined when there is no such process. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function alive(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== "Z";
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function childrenOf(pid: number): number[] {
  const pids = readdirSync("/proc").map(Number);
  return pids.filter((child) => child > 0 && statOf(child)?.[1] === String(pid));
}
