import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * Holds what was seen against a golden file. `UPDATE_GOLDEN=1` writes the file instead, but never in CI; a file that is not
 * there fails, naming the command that makes it. Answers what the file says.
 */
export function golden<T>(file: string, seen: T): T {
  const write = process.env.UPDATE_GOLDEN === "1";
  if (write && process.env.CI) {
    throw new Error("UPDATE_GOLDEN is set in CI: golden files are written by people, who read them");
  }
  if (write) {
    writeFileSync(file, `${JSON.stringify(seen, null, 2)}\n`);
  }
  if (!existsSync(file)) {
    const name = relative(process.cwd(), file);
    throw new Error(
      `${name} is missing; UPDATE_GOLDEN=1 npx vitest run ${name.replace(/\/[^/]*$/, "")} makes it, to be read`,
    );
  }
  return JSON.parse(readFileSync(file, "utf8"));
}
