import { existsSync } from "node:fs";
import { join } from "node:path";
import { runTool, toolFolder } from "../../scripts/generation/run-tool.ts";

const VERSION = "v1.9.4";
const folder = join(toolFolder, `go/grpcurl-${VERSION}`);

/** Builds grpcurl with the machine's Go, unless it is there; answers its path. @throws Error with Go's own words. */
export async function installGrpcurl(): Promise<string> {
  const program = join(folder, "grpcurl");
  if (!existsSync(program)) {
    const args = ["install", `github.com/fullstorydev/grpcurl/cmd/grpcurl@${VERSION}`];
    await runTool("go", args, { env: { GOBIN: folder } });
  }
  return program;
}
