import type { Caller } from "../../domain/caller.ts";
import type { Context, PackedMemory } from "../../domain/context.ts";
import { blockOf, type ContextStyle, headingOf, layOutContext } from "../../domain/context-text.ts";
import type { TokenCounter } from "../../domain/ports/token-counter.ts";
import type { RankedResult, SearchSummary } from "../../domain/search.ts";
import { cutToBudget } from "./cut-to-budget.ts";
import { search } from "./search.ts";
import type { SearchDeps, SearchInput } from "./search-input.ts";

export interface AssembleContextInput extends ContextStyle {
  /** `limit`: memories at most. Near-duplicates are collapsed, whatever it says of them. */
  readonly search: SearchInput;
  /** What the text may cost, by `counter`. */
  readonly tokenBudget: number;
  readonly counter: TokenCounter;
}

/** No memory's lines cost less than this: what is left below it is not worth counting for. */
const LEAST_TOKENS = 8;
/** Text of more characters a token than this is rare enough to be left out without counting. */
const MOST_CHARACTERS_A_TOKEN = 16;

/**
 * Packs what a search finds, best first, into a text of at most `tokenBudget` tokens. Memories are packed whole; one that does
 * not fit is left out and the next is tried. Where none fits, the best is cut and marked. Throws what search throws.
 */
export async function assembleContext(
  deps: SearchDeps,
  caller: Caller,
  input: AssembleContextInput,
  signal: AbortSignal,
): Promise<Context> {
  const { results, summary } = await gather(deps, caller, input, signal);
  let packed = await pack(results, input, signal);
  let { text, items } = layOutContext(packed, input);
  let count = await input.counter.count(text);
  // Tokens do not run across lines, so the parts bound the whole; the whole is what was promised, so it has the last word.
  while (count.tokens > input.tokenBudget) {
    packed = packed.slice(0, -1);
    ({ text, items } = layOutContext(packed, input));
    count = await input.counter.count(text);
  }
  const held = new Set(items.map((one) => one.memory.id));
  const omittedIds = results.map((one) => one.memory.id).filter((id) => !held.has(id));
  return { text, tokenCount: count.tokens, exact: count.exact, memories: items, omittedIds, summary };
}

async function gather(deps: SearchDeps, caller: Caller, input: AssembleContextInput, signal: AbortSignal) {
  const results: RankedResult[] = [];
  let summary: SearchSummary | undefined;
  for await (const part of search(deps, caller, { ...input.search, collapseDuplicates: true }, signal)) {
    if ("result" in part) results.push(part.result);
    else summary = part.summary;
  }
  return { results, summary: summary! }; // A search that ends without an error ends with its summary.
}

/** In rank order. */
async function pack(
  results: readonly RankedResult[],
  input: AssembleContextInput,
  signal: AbortSignal,
): Promise<readonly PackedMemory[]> {
  const packed: PackedMemory[] = [];
  const headings = new Set<string>();
  let left = input.tokenBudget;
  for (const result of results) {
    if (left < LEAST_TOKENS) break;
    signal.throwIfAborted();
    const item = { ...result, content: result.memory.content };
    if (item.content.length > left * MOST_CHARACTERS_A_TOKEN) continue;
    const heading = headingOf(item, input);
    const opening = heading === null || headings.has(heading) ? 0 : (await input.counter.count(heading)).tokens;
    const { tokens } = await input.counter.count(blockOf(item, input, result.rank));
    if (opening + tokens > left) continue;
    left -= opening + tokens;
    if (heading !== null) headings.add(heading);
    packed.push(toPacked(result, item.content, tokens));
  }
  if (packed.length > 0 || results.length === 0) return packed;
  return cutBest(results[0]!, input);
}

async function cutBest(result: RankedResult, input: AssembleContextInput): Promise<readonly PackedMemory[]> {
  const rendered = (content: string) => layOutContext([{ ...result, content }], input).text;
  const content = await cutToBudget(result.memory.content, input.tokenBudget, async (text) => {
    return (await input.counter.count(rendered(text))).tokens;
  });
  if (content === null) return [];
  const { tokens } = await input.counter.count(blockOf({ ...result, content }, input, 1));
  return [{ ...toPacked(result, content, tokens), cut: true }];
}

function toPacked(result: RankedResult, content: string, tokens: number): PackedMemory {
  const { memory, rank, score, duplicateIds } = result;
  return { memory, rank, score, content, cut: false, tokens, duplicateIds };
}
