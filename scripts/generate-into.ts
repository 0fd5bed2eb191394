import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What is generated: the folders, relative to the repository, that generation owns whole. */
export const generatedFolders = ["gen/server", "gen/ts/src/gen", "gen/openapi", "test/conformance/gen"] as const;

const templates = ["buf.gen.yaml", "buf.gen.ts.yaml", "test/conformance/buf.gen.yaml"];

/**
 * Generates everything below `base` (the repository's own root, or a folder to compare with), offline, in about 3 s.
 *
 * @throws Error with the generator's own words when a step fails.
 */
export function generateInto(base: string): void {
  for (const template of templates) run("buf", ["generate", "--template", template, "-o", base]);
  const openapi = "scripts/openapi.ts";
  if (existsSync(join(root, openapi))) run(process.execPath, [openapi, join(base, "gen/openapi")]);
}

function run(program: string, args: readonly string[]): void {
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed\n${error?.message ?? ""}${stdout}${stderr}`);
}
