// Runs on any Node, the too old ones included: no syntax of the last years here.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The first Node that runs TypeScript without a flag. */
const floor = [22, 18];

/**
 * The path of a Node that can run Cairn: the current one where it is new enough, else the binary of this platform's
 * package in node_modules; null where there is neither.
 */
export function capableNode() {
  if (isCapable(process.versions.node)) return process.execPath;
  const binary = process.platform === "win32" ? "node.exe" : "bin/node";
  const packages = join(dirname(fileURLToPath(import.meta.url)), "../node_modules");
  const platform = process.platform === "win32" ? "win" : process.platform;
  const candidate = join(packages, `node-${platform}-${process.arch}`, binary);
  return existsSync(candidate) ? candidate : null;
}

/** Whether the Node that runs this line is new enough. */
export function currentNodeIsCapable() {
  return isCapable(process.versions.node);
}

export const incapable = `Cairn needs Node ${floor.join(".")} or newer; this is ${process.versions.node}, and node_modules holds no binary for ${process.platform}-${process.arch}.
Run "npm ci" (without --omit=optional), or install a newer Node.`;

function isCapable(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > floor[0] || (major === floor[0] && minor >= floor[1]);
}
