import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const LAUNCHER = join(import.meta.dirname, "../../bin/cairn.mjs");
const START_TIMEOUT_MS = 180_000;
const ADDRESS = /Cairn is serving at (\S+)/;

/** A `cairn serve` in a process of its own, on loopback and a free port. */
export interface ServedProcess {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to the line that says it serves. */
  readonly startMs: number;
  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
  /** What it wrote to stdout and stderr, for a failure's message. */
  output(): string;
}

/**
 * Starts it with these variables and none of the machine's own; `nodeFlags` go before the program, `before` are words that run it, such as `unshare`'s.
 *
 * @throws Error with the process's output where it ends first, or does not serve within three minutes.
 */
export async function serveProcess(
  environment: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = [],
  before: readonly string[] = [],
): Promise<ServedProcess> {
  const began = performance.now();
  const served = [process.execPath, ...nodeFlags, LAUNCHER, "serve", "--host", "127.0.0.1", "--port", "0"];
  const [command, ...args] = [...before, ...served];
  const child = spawn(command!, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, CAIRN_CI: process.env.CAIRN_CI, LOG_LEVEL: "warn", ...environment },
  });
  // A test process that dies must not leave a server behind.
  const reap = () => child.kill("SIGKILL");
  process.once("exit", reap);
  child.once("exit", () => process.off("exit", reap));
  const written: string[] = [];
  try {
    const url = await addressOf(child, written);
    return {
      url,
      pid: child.pid as number,
      startMs: performance.now() - began,
      kill: async () => {
        await end(child, "SIGKILL");
      },
      stop: () => end(child, "SIGTERM"),
      output: () => written.join(""),
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function addressOf(child: ChildProcess, written: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (problem: string) => reject(new Error(`cairn serve ${problem}\n${written.join("")}`));
    const timer = setTimeout(() => fail("was not ready within three minutes"), START_TIMEOUT_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        written.push(text);
        const address = ADDRESS.exec(written.join(""))?.[1];
        if (address !== undefined) {
          clearTimeout(timer);
          resolve(address);
        }
      });
    }
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? code} before it was ready`);
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}
