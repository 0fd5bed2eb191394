import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedTools } from "./pinned-tools.ts";
import { bufGenerate, root, runTool } from "./run-tool.ts";
import type { Target } from "./target.ts";

const requirements = join(root, "scripts/generation/python/requirements.txt");

/** The Python client: protobuf-py's messages with Connect's stubs, and Google's messages with grpcio's stubs for the extra `grpc`. */
export const python: Target = {
  name: "python",
  folders: ["gen/python/src/cairn_memory/_gen", "gen/python/src/cairn_memory/grpc/_gen"],
  instant: false,
  install: async () => {
    const version = await pythonVersion();
    await pinnedTools("python", [version, readFileSync(requirements, "utf8")], install);
  },
  generate: async (base) => {
    await bufGenerate("buf.gen.python.yaml", base);
    await bufGenerate("buf.gen.python-grpc.yaml", base);
  },
};

async function install(folder: string): Promise<void> {
  const venv = join(folder, "venv");
  await runTool("python3", ["-m", "venv", venv]);
  const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"];
  await runTool(join(venv, "bin/python"), ["-m", "pip", "install", ...options, "-r", requirements]);
}

async function pythonVersion(): Promise<string> {
  const version = (await runTool("python3", ["--version"])).trim();
  const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) !== 3 || Number(minor) < 11)
    throw new Error(`python3 is ${version}; Python 3.11 or newer is needed`);
  return version;
}
