import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a suite (or a file that it imports) mentions when it runs on a real Postgres as well. */
const mark = "CAIRN_TEST_DATABASE_URL";

/**
 * The test files below `folder` that read CAIRN_TEST_DATABASE_URL, themselves or through a file of the project that
 * they import; relative paths, sorted. So a new suite needs no list to stand in.
 */
export function postgresSuites(folder: string): string[] {
  const known = new Map<string, boolean>();
  const suites = globSync(["src/**/*.test.ts", "test/**/*.test.ts"], { cwd: folder });
  return suites.filter((suite) => reaches(join(folder, suite), known)).sort();
}

function reaches(file: string, known: Map<string, boolean>): boolean {
  const answer = known.get(file);
  if (answer !== undefined) return answer;
  known.set(file, false);
  if (!existsSync(file)) return false;
  const text = readFileSync(file, "utf8");
  const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.m?ts)"/g)].map((match) => match[1] ?? "");
  const found = text.includes(mark) || imports.some((path) => reaches(join(dirname(file), path), known));
  known.set(file, found);
  return found;
}
