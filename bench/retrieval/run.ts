/**
 * `npm run bench:retrieval [-- --collection NAME=DIR]… [--write]`: recall of every method, side by side, on folders of conversations in
 * the layout that `cairn eval --help` states. Without --collection, on the corpus in test/retrieval. --write puts the table into
 * docs/retrieval.md; else it is printed.
 *
 * With CAIRN_MODEL_DIR set (`scripts/fetch-transformer.ts` fetches a model) the static model's teacher is measured beside it. With
 * DATABASE_URL set all of it runs on that Postgres, in databases of its own.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readConversations } from "../../src/cli/eval/read-conversations.ts";
import type { Report } from "../../src/cli/eval/report.ts";
import { measureFts5 } from "./fts5-baseline.ts";
import type { CollectionResults, Result } from "./result.ts";
import { withResults } from "./results-table.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = join(ROOT, "docs/retrieval.md");
const OWN_CORPUS = "Cairn's own corpus=test/retrieval/corpus";

const METHODS: Readonly<Record<string, string>> = {
  "lexical off": "LEXICAL: words alone",
  "semantic off": "SEMANTIC: the static model alone",
  "hybrid off": "HYBRID, the text alone",
  "hybrid on": "HYBRID, with the terms for conversations (the default)",
};

const { values } = parseArgs({
  options: {
    collection: { type: "string", multiple: true, default: [OWN_CORPUS] },
    write: { type: "boolean", default: false },
  },
});
const collections: CollectionResults[] = [];
for (const named of values.collection) {
  const [name = "", folder] = named.split("=");
  if (folder === undefined) throw new Error(`--collection ${named}: say NAME=DIR`);
  collections.push(await measureCollection(name, folder));
}
const page = withResults(readFileSync(PAGE, "utf8"), collections);
if (values.write) writeFileSync(PAGE, page);
else console.log(page.slice(page.indexOf("###"), page.lastIndexOf("<!--")));

async function measureCollection(name: string, folder: string): Promise<CollectionResults> {
  console.error(`${name}:`);
  const shown = folder.startsWith("test/") ? folder : "DIR";
  const report = await evaluate([folder, "--provider", "static"]);
  const rows = report.rows.map((row) => ({
    method: METHODS[`${row.mode} ${row.context}`]!,
    command: `cairn eval ${shown} --mode ${row.mode} --context ${row.context}`,
    measures: row,
  }));
  const baseline = {
    method: "baseline: SQLite FTS5, BM25, porter stemming, OR of all words",
    command: "npm run bench:retrieval",
    measures: measureFts5(readConversations(folder)),
  };
  const { conversations, memories, generation } = report;
  const questions = report.rows[0]!.questions;
  const results = [baseline, ...(await teacherOf(folder, shown)), ...rows];
  return { name, conversations, memories, questions, generation, results };
}

/** None where no model is at hand. */
async function teacherOf(folder: string, shown: string): Promise<readonly Result[]> {
  if (!process.env.CAIRN_MODEL_DIR) return [];
  const options = ["--provider", "transformers", "--mode", "semantic,hybrid", "--context", "off"];
  const { rows } = await evaluate([folder, ...options]);
  const methods: Readonly<Record<string, string>> = {
    semantic: "the static model's teacher, all-MiniLM-L6-v2 (ONNX, int8): SEMANTIC",
    hybrid: "the same teacher: HYBRID, the text alone",
  };
  return rows.map((row) => ({
    method: methods[row.mode]!,
    command: `cairn eval ${shown} --provider transformers --mode ${row.mode} --context off`,
    measures: row,
  }));
}

/** Runs `cairn eval --json`; its progress goes to our stderr. */
async function evaluate(args: readonly string[]): Promise<Report> {
  const command = [join(ROOT, "bin/cairn.mjs"), "eval", ...args, "--json"];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let out = "";
  for await (const chunk of child.stdout) out += chunk;
  const code = await ended;
  if (code !== 0) throw new Error(`cairn eval ended with code ${code}`);
  return JSON.parse(out) as Report;
}
