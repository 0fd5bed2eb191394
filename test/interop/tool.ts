import { spawn } from "node:child_process";

/** How a run of a tool ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool to its end. */
export function runTool(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const written = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (written.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (written.stderr += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...written }));
  });
}

/** One message of a search. */
export interface Message {
  readonly result?: { readonly rank: number };
  readonly summary?: object;
}

/** The messages of a stream, which tools print one after the other, each with its braces in the first column. */
export function messagesOf(stdout: string): readonly Message[] {
  return stdout.split(/^(?=\{$)/m).map((text) => JSON.parse(text));
}
