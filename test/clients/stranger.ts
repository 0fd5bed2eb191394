import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { firstFence } from "../../scripts/first-fence.ts";
import type { Command, Stranger } from "./client-language.ts";
import { run } from "./play.ts";
import type { TestServer } from "./test-server.ts";

const repository = join(import.meta.dirname, "../..");
const LIMIT_MS = 10 * 60_000;
const WRITTEN = "Prefers green tea in the morning";

/**
 * Does what a newcomer does: copies the README's first example into an empty project, installs the package from its folder and runs
 * the example unchanged. Answers what went wrong; empty: it printed the memory that it had written and ended with code 0.
 */
export async function meetStranger(client: string, stranger: Stranger, server: TestServer): Promise<readonly string[]> {
  const project = mkdtempSync(join(tmpdir(), `cairn-stranger-${client}-`));
  try {
    const example = firstFence(readFileSync(join(repository, stranger.readme), "utf8"), stranger.fence);
    if (example === undefined) return [`${stranger.readme} has no \`\`\`${stranger.fence}`];
    const files = { ...stranger.files?.(repository), [stranger.file]: example };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
    const { url, key } = await server.makeRun("stranger", false);
    const env = { CAIRN_URL: url, CAIRN_API_KEY: key };
    const inProject = (command: Command): Command => ({
      ...command,
      cwd: relative(repository, join(project, command.cwd ?? ".")),
    });
    for (const command of stranger.install(repository)) {
      const { code, output } = await run(inProject(command), env, LIMIT_MS);
      if (code !== 0) return [`${command.argv.join(" ")} ended with ${code}\n${output.slice(-4000)}`];
    }
    const { code, output } = await run(inProject(stranger.run), env, LIMIT_MS);
    if (code !== 0) return [`the example ended with ${code}\n${output.slice(-4000)}`];
    return output.includes(WRITTEN) ? [] : [`the example did not print "${WRITTEN}" but\n${output.slice(-4000)}`];
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
