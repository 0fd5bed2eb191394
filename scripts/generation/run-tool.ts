import { spawn } from "node:child_process";
import { join } from "node:path";

/** The repository. */
export const root = join(import.meta.dirname, "../..");

/** Where generators are kept, a folder a language; ignored by git. */
export const toolFolder = join(root, ".cache/generation");

/** How a program is run beside its arguments. */
export interface RunOptions {
  /** Default: the repository. */
  readonly cwd?: string;
  /** Variables beside the machine's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end with npm's own programs on PATH; answers what it wrote to stdout.
 *
 * @throws Error with its own words where it fails or is not on this machine.
 */
export function runTool(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, PATH: path, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => (all += text));
    child.once("error", (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.once("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${program} ${args.join(" ")} failed\n${all.trim()}`)),
    );
  });
}

/** `buf generate` by a template of the repository. */
export async function bufGenerate(template: string, base: string): Promise<void> {
  await runTool("buf", ["generate", "--template", template, "-o", base]);
}
