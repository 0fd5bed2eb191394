import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runTool, toolFolder } from "../../scripts/generation/run-tool.ts";

const VERSION = "v1.9.4";
const folder = join(toolFolder, `go/grpcurl-${VERSION}`);
const program = join(folder, "grpcurl");

/** Builds grpcurl with the machine's Go, unless it is there. @throws Error with Go's own words. */
export async function installGrpcurl(): Promise<void> {
  if (existsSync(program)) return;
  await runTool("go", ["install", `github.com/fullstorydev/grpcurl/cmd/grpcurl@${VERSION}`], {
    env: { GOBIN: folder },
  });
}

/** How a run of grpcurl ended; the code is 0, or 64 and the call's gRPC status, or 1 and 2 where no call was made. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function grpcurl(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const written = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (written.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (written.stderr += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...written }));
  });
}
