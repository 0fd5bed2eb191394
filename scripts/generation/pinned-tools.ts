import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolFolder } from "./run-tool.ts";

/**
 * Makes a language's plugins present in a folder of their own; installs them where they are not, or where a pin has changed since.
 *
 * @throws Error that says which toolchain's command failed.
 */
export async function pinnedTools(
  language: string,
  pins: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(toolFolder, language);
  const stamp = join(folder, "pins");
  const wanted = `${pins.join("\n")}\n`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install(folder);
  writeFileSync(stamp, wanted);
}
