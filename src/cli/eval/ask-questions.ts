import type { Question } from "./conversation.ts";
import type { LoadedConversation } from "./loaded-conversation.ts";
import type { EvidenceRanks } from "./measures.ts";
import { requestOf, type Variant } from "./variant.ts";

/** What a search found for one question. */
export interface Asked {
  readonly conversation: string;
  readonly question: Question;
  readonly ranks: EvidenceRanks;
  /** Turn ids in rank order, at most 20. */
  readonly found: readonly string[];
  /** From the call to its last message, by the client's clock. */
  readonly latencyMs: number;
  readonly generation: string;
  readonly degraded: boolean;
}

const RESULTS = 20;

/** Asks one after the other, so that no question waits for another. */
export async function askQuestions(
  loaded: LoadedConversation,
  questions: readonly Question[],
  variant: Variant,
  signal: AbortSignal,
  told: () => void,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const question of questions) {
    asked.push(await ask(loaded, question, variant, signal));
    told();
  }
  return asked;
}

async function ask(
  { conversation, memories, turnOf }: LoadedConversation,
  question: Question,
  variant: Variant,
  signal: AbortSignal,
): Promise<Asked> {
  const request = { query: question.text, limit: RESULTS, ...requestOf(variant) };
  const found: string[] = [];
  let generation = "";
  let degraded = false;
  const began = performance.now();
  for await (const { part } of memories.search(request, { signal })) {
    if (part.case === "result") found.push(turnOf.get(part.value.memory!.id)!);
    if (part.case === "summary") ({ generation, degraded } = part.value);
  }
  const latencyMs = performance.now() - began;
  const ranks = question.evidence.map((turn) => (found.includes(turn) ? found.indexOf(turn) + 1 : null));
  return { conversation: conversation.name, question, ranks, found, latencyMs, generation, degraded };
}
