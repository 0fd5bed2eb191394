import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ClientLanguage, Command } from "./client-language.ts";
import type { Plan, Run, StepLine, StormLine } from "./plan.ts";
import type { TestServer } from "./test-server.ts";
import { STEPS } from "./verdict.ts";

const repository = join(import.meta.dirname, "../..");
const BUILD_LIMIT_MS = 15 * 60_000;
const PLAY_LIMIT_MS = 15 * 60_000;
/** Searches of the storm. */
export const STORM_SEARCHES = 1000;
const STORM_AT_ONCE = 20;

/** What a runner said, and what it wrote beside. */
export interface Played {
  readonly runs: readonly Run[];
  readonly steps: readonly StepLine[];
  readonly storm: StormLine | null;
  /** Empty: the runner ended with code 0 and wrote nothing that is no line of the protocol. */
  readonly fault: string;
}

/** Makes a language's runner. @throws Error with what the failing command said. */
export async function build(language: ClientLanguage): Promise<void> {
  for (const command of language.build) {
    const { code, output } = await run(command, {}, BUILD_LIMIT_MS);
    if (code !== 0) throw new Error(`${command.argv.join(" ")} ended with ${code}\n${output}`);
  }
}

/**
 * Lets a runner play all its wires, in cleartext and over TLS, each in a workspace of its own; then the storm, before which it
 * calls back.
 */
export async function play(language: ClientLanguage, server: TestServer, beforeStorm: () => void): Promise<Played> {
  const runs: Run[] = [];
  for (const wire of language.wires) {
    for (const tls of [false, true]) runs.push(await server.makeRun(wire, tls));
  }
  const storm = {
    ...(await server.makeRun(language.stormWire, false)),
    count: STORM_SEARCHES,
    at_once: STORM_AT_ONCE,
  };
  const plan: Plan = { control: server.control.url, ca: server.ca, runs, storm };
  const folder = join(repository, ".cache/clients");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${language.name}.plan.json`);
  writeFileSync(file, JSON.stringify(plan, null, 2), { mode: 0o600 });
  const steps: StepLine[] = [];
  let stormLine: StormLine | null = null;
  const strange: string[] = [];
  const { code, output } = await run(language.runner, { CAIRN_SCENARIO: file }, PLAY_LIMIT_MS, (text) => {
    const line = parse(text);
    if (line === null) strange.push(text);
    else if ("storm" in line) stormLine = line;
    else if (steps.push(line) === runs.length * STEPS) beforeStorm();
  });
  const faults = [
    ...(code === 0 ? [] : [`the runner ended with ${code}\n${output.slice(-4000)}`]),
    ...(strange.length === 0 ? [] : [`no line of the protocol: ${strange.slice(0, 3).join("\n")}`]),
  ];
  return { runs, steps, storm: stormLine, fault: faults.join("\n") };
}

function parse(text: string): StepLine | StormLine | null {
  try {
    const line = JSON.parse(text) as StepLine | StormLine;
    const isLine = "storm" in line || (Number.isInteger(line.run) && Number.isInteger(line.step));
    return isLine && typeof line.ok === "boolean" ? line : null;
  } catch {
    return null;
  }
}

/** Runs a command to its end; answers its code (or `timeout`, or the signal) and the end of what it wrote. */
export function run(
  command: Command,
  env: Readonly<Record<string, string>>,
  limitMs: number,
  onLine: (text: string) => void = () => {},
): Promise<{ code: number | string; output: string }> {
  return new Promise((resolve) => {
    const [program, ...args] = command.argv;
    const child = spawn(program, args, {
      cwd: join(repository, command.cwd ?? "."),
      env: { ...process.env, ...command.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, limitMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-100_000)));
    }
    createInterface({ input: child.stdout }).on("line", (text) => text.trim() !== "" && onLine(text));
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ code: error.message, output });
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? `a time-out of ${limitMs / 1000} s` : (code ?? signal ?? "?"), output });
    });
  });
}
