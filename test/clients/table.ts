import { readFileSync, writeFileSync } from "node:fs";
import { type Row, STEPS } from "./verdict.ts";

const BEGIN = "<!-- written by npm run test:clients -- --write -->";
const END = "<!-- end -->";

/** The table step × language × wire, in Markdown: a row a wire, `✓` or `✗` a step. */
export function tableOf(rows: readonly Row[]): string {
  const numbers = Array.from({ length: STEPS }, (_, at) => at + 1);
  const head = `| client | wire | ${numbers.join(" | ")} |`;
  const rule = `|---|---|${"---|".repeat(STEPS)}`;
  const body = rows.map((row) => {
    const cells = row.steps.map((step) => (step === true ? "✓" : "✗"));
    return `| ${row.language} | ${row.wire} | ${cells.join(" | ")} |`;
  });
  return [head, rule, ...body].join("\n");
}

/**
 * Puts the table between the two marks of a page.
 *
 * @throws Error where the page has no such marks.
 */
export function writeTable(page: string, table: string): void {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${page} has no lines "${BEGIN}" and "${END}"`);
  writeFileSync(page, `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`);
}
