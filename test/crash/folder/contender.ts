import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = join(import.meta.dirname, "contender-process.ts");

/** Runs a command as the first process of namespaces of its own. */
export const IN_NAMESPACES = ["unshare", "--pid", "--net", "--fork", "--mount-proc", "--kill-child"];
export const hasNamespaces = spawnSync(IN_NAMESPACES[0]!, [...IN_NAMESPACES.slice(1), "true"]).status === 0;

/** Where a contender runs; `unreaped`: its parent never asks how it ended, so that it stays a zombie. */
export type Surroundings = "plain" | "namespaces" | "unreaped";

const BEFORE: Readonly<Record<Surroundings, readonly string[]>> = {
  plain: [],
  namespaces: IN_NAMESPACES,
  unreaped: ["sh", "-c", 'exec 3<&0; "$@" <&3 & exec 3<&-; exec sleep 100000', "sh"],
};

/** The referee's end of a contender-process. */
export class Contender {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #pid = 0;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  static async start(name: string, folder: string, surroundings: Surroundings): Promise<Contender> {
    const node = [process.execPath, "--disable-warning=ExperimentalWarning", PROGRAM, folder, name];
    const [command, ...args] = [...BEFORE[surroundings], ...node];
    // unshare complains there of every child that is killed.
    const errors = surroundings === "namespaces" ? "ignore" : "inherit";
    const child = spawn(command!, args, { stdio: ["pipe", "pipe", errors] });
    child.stdin!.on("error", () => {});
    const contender = new Contender(name, child);
    const [, pid] = (await contender.#read()).split(" ");
    contender.#pid = surroundings === "namespaces" ? childOf(child.pid!) : Number(pid);
    return contender;
  }

  /** Sends a command; answers what the process says, and throws where that is that the lock was stolen, or lost. */
  async ask(command: string): Promise<string> {
    this.#child.stdin!.write(`${command}\n`);
    const answer = await this.#read();
    if (!["held", "refused", "released"].includes(answer)) throw new Error(`${this.name}: ${answer}`);
    return answer;
  }

  /** Returns at once: the process may be dying for a while. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.#pid, signal);
  }

  /** Ends what is left of it, its parent included. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    try {
      this.signal("SIGKILL");
    } catch {
      // It is gone already.
    }
    this.#child.kill("SIGKILL");
    await ended;
  }

  async #read(): Promise<string> {
    const { value, done } = await this.#lines.next();
    return done ? "ended without an answer" : value;
  }
}

/** The only child of a process, by its id out here. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}
