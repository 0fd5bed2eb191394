import { table } from "../table.ts";
import type { Asked } from "./ask-questions.ts";
import type { Conversation } from "./conversation.ts";
import type { Evaluation } from "./evaluate.ts";
import { type Measures, measure, RECALL_DEPTHS } from "./measures.ts";
import { percentile } from "./percentile.ts";

/** What `cairn eval --json` prints. Shares are 0 to 1, times milliseconds. */
export interface Report {
  readonly conversations: number;
  readonly memories: number;
  /** Questions of categories 1 to 4 that were left out, as none of their evidence names a turn. */
  readonly skippedQuestions: number;
  /** Pieces of evidence that name no turn. */
  readonly unknownEvidence: number;
  /** `postgres` or `pglite`; null: a running server, which does not say. */
  readonly engine: string | null;
  /** Embedding generation; empty: none was searched. */
  readonly generation: string;
  readonly rows: readonly ReportRow[];
}

export interface ReportRow extends Measures {
  readonly mode: string;
  readonly context: "on" | "off";
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  /** Searches in which the embedding provider did not answer. */
  readonly degraded: number;
  /** By category: 1 multi-hop, 2 temporal, 3 open-domain, 4 single-hop. */
  readonly categories: Readonly<Record<string, Measures>>;
  /** Every question, where the details were asked for. */
  readonly asked?: readonly AskedRow[];
}

export interface AskedRow {
  readonly conversation: string;
  readonly question: string;
  readonly category: number;
  /** Turn id and rank of each piece of evidence; null: not among the first 20. */
  readonly evidence: Readonly<Record<string, number | null>>;
  /** Turn ids in rank order. */
  readonly found: readonly string[];
}

export function reportOf(
  conversations: readonly Conversation[],
  evaluations: readonly Evaluation[],
  options: { readonly engine: string | null; readonly details: boolean },
): Report {
  const sum = (of: (one: Conversation) => number) => conversations.reduce((total, one) => total + of(one), 0);
  return {
    conversations: conversations.length,
    memories: sum((one) => one.turns.length),
    skippedQuestions: sum((one) => one.skipped),
    unknownEvidence: sum((one) => one.unknownEvidence),
    engine: options.engine,
    generation: evaluations.flatMap(({ asked }) => asked.map((one) => one.generation)).find((one) => one !== "") ?? "",
    rows: evaluations.map((one) => rowOf(one, options.details)),
  };
}

function rowOf({ variant, asked }: Evaluation, details: boolean): ReportRow {
  const latencies = asked.map((one) => one.latencyMs);
  const categories = Map.groupBy(asked, (one) => one.question.category);
  return {
    mode: variant.mode,
    context: variant.context ? "on" : "off",
    ...measure(asked.map((one) => one.ranks)),
    latencyMs: { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) },
    degraded: asked.filter((one) => one.degraded).length,
    categories: Object.fromEntries(
      [...categories].sort(([a], [b]) => a - b).map(([name, some]) => [name, measure(some.map((one) => one.ranks))]),
    ),
    ...(details ? { asked: asked.map(askedRow) } : {}),
  };
}

function askedRow({ conversation, question, ranks, found }: Asked): AskedRow {
  const evidence = Object.fromEntries(question.evidence.map((turn, index) => [turn, ranks[index] ?? null]));
  return { conversation, question: question.text, category: question.category, evidence, found };
}

/** The report for a person. */
export function textOf(report: Report): string {
  const { conversations, memories, engine, generation, rows } = report;
  const head = [
    `${conversations} conversations, ${memories} memories, ${rows[0]?.questions ?? 0} questions`,
    ...(engine === null ? [] : [engine]),
    generation === "" ? "no vectors" : generation,
  ].join("; ");
  const recall = RECALL_DEPTHS.map((depth) => `R@${depth}`);
  const headings = ["MODE", "CONTEXT", ...recall, "MRR", "NDCG@10", "P50 MS", "P95 MS"];
  const byCategory = table(
    ["R@10 BY CATEGORY", "CONTEXT", ...CATEGORIES.map(([, name]) => name)],
    rows.map((row) => [row.mode, row.context, ...CATEGORIES.map(([id]) => share(row.categories[id]?.recall[10]))]),
  );
  return `${head}\n\n${table(headings, rows.map(lineOf))}\n${byCategory}${notes(report)}`;
}

const CATEGORIES = [
  ["1", "MULTI-HOP"],
  ["2", "TEMPORAL"],
  ["3", "OPEN-DOMAIN"],
  ["4", "SINGLE-HOP"],
] as const;

function lineOf(row: ReportRow): string[] {
  const shares = [...RECALL_DEPTHS.map((depth) => row.recall[depth]), row.mrr, row.ndcg10].map(share);
  return [row.mode, row.context, ...shares, row.latencyMs.p50.toFixed(1), row.latencyMs.p95.toFixed(1)];
}

function share(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(3);
}

function notes({ skippedQuestions, unknownEvidence, rows }: Report): string {
  const degraded = rows.reduce((sum, row) => sum + row.degraded, 0);
  const lines = [
    [skippedQuestions, "questions left out: none of their evidence names a turn"],
    [unknownEvidence, "pieces of evidence left out: they name no turn"],
    [degraded, "searches ran on words alone: the embedding provider did not answer"],
  ] as const;
  const told = lines.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}\n`);
  return told.length === 0 ? "" : `\n${told.join("")}`;
}
