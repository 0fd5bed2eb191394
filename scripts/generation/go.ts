import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bufGenerate, root, runTool, toolFolder } from "./run-tool.ts";
import type { Target } from "./target.ts";

const plugins = join(root, "scripts/generation/go-plugins");
const programs = join(toolFolder, "go/bin");

/** The Go client: messages and Connect stubs in one module, gRPC stubs in another. */
export const go: Target = {
  name: "go",
  folders: ["gen/go/gen", "gen/go/grpc/gen"],
  instant: false,
  install,
  generate: async (base) => {
    await bufGenerate("buf.gen.go.yaml", base);
    await bufGenerate("buf.gen.go-grpc.yaml", base);
  },
};

/** Builds the plugins from the module that pins them, unless the ones there were built from the same. */
async function install(): Promise<void> {
  const sources = ["go.mod", "go.sum", "protoc-gen-go-aliases/main.go"];
  const pins = createHash("sha256");
  for (const file of sources) pins.update(readFileSync(join(plugins, file)));
  const wanted = pins.digest("hex");
  const stamp = join(programs, "built-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await runTool("go", ["version"]).catch(() => {
    throw new Error("Go is missing: install Go 1.26 or newer (https://go.dev/dl) and put it on PATH");
  });
  const built = `${programs}.${process.pid}`;
  mkdirSync(built, { recursive: true });
  await runTool("go", ["build", "-o", `${built}/`, "tool", "./protoc-gen-go-aliases"], { cwd: plugins });
  writeFileSync(join(built, "built-from"), wanted);
  rmSync(programs, { recursive: true, force: true });
  renameSync(built, programs);
}
