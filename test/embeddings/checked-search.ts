import type { Client } from "@connectrpc/connect";
import { type MemoryService, SearchMode, type SearchSummary } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { builtInEmbedder } from "./built-in-embedder.ts";
import { fakeCosine } from "./fake-provider.ts";

export type Memories = Client<typeof MemoryService>;

export interface CheckedSearch {
  readonly summary: SearchSummary;
  readonly contents: readonly string[];
}

/** How far a cosine of half-precision vectors may be from the exact one. */
const TOLERANCE = 0.005;
const signal = new AbortController().signal;

/**
 * Searches, and checks what a search that read two generations would get wrong: the cosine of each result is what the model
 * that the summary names says of query and content. What is written at the same time may be another text by the time that it
 * is shown, and is left out by `isSettled`.
 *
 * @throws Error that says what is wrong.
 */
export async function checkedSearch(
  memories: Memories,
  query: string,
  limit: number,
  mode: SearchMode,
  isSettled: (content: string) => boolean = () => true,
): Promise<CheckedSearch> {
  const found: { content: string; cosine: number | undefined }[] = [];
  let summary: SearchSummary | undefined;
  for await (const { part } of memories.search({ query, limit, mode })) {
    if (part.case === "summary") summary = part.value;
    else if (part.case === "result") {
      found.push({ content: part.value.memory?.content ?? "", cosine: part.value.signals?.cosine });
    }
  }
  if (summary === undefined) throw new Error("a search ended without a summary");
  for (const { content, cosine } of found) {
    if (cosine === undefined || !isSettled(content)) continue;
    const exact = await exactCosine(summary.generation, query, content);
    if (!(Math.abs(exact - cosine) < TOLERANCE)) {
      throw new Error(`${summary.generation}: cosine ${cosine} of "${query}" and "${content}" should be ${exact}`);
    }
  }
  return { summary, contents: found.map((one) => one.content) };
}

/** By the model's own vectors, in double precision. */
export async function exactCosine(model: string, query: string, content: string): Promise<number> {
  if (model.startsWith("openai:")) return fakeCosine(model.slice("openai:".length), query, content, FAKE_DIMENSIONS);
  const [a, b] = await builtInEmbedder.embed([query, content], signal);
  return a && b ? a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) : Number.NaN;
}

export const FAKE_DIMENSIONS = 64;

export { SearchMode };
