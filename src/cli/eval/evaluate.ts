import { createClient } from "@connectrpc/connect";
import { WorkspaceService } from "../../../gen/server/cairn/v1/workspace_service_pb.ts";
import { type RemoteAddress, remoteTransport } from "../remote.ts";
import { type Asked, askQuestions } from "./ask-questions.ts";
import type { Conversation } from "./conversation.ts";
import { type LoadedConversation, loadConversation, untilEmbedded } from "./loaded-conversation.ts";
import { Progress } from "./progress.ts";
import { type Variant, variantName } from "./variant.ts";

export interface Evaluation {
  readonly variant: Variant;
  readonly asked: readonly Asked[];
}

export interface EvaluateOptions {
  readonly variants: readonly Variant[];
  /** Questions asked of each conversation, from its first. Default: all. */
  readonly limit?: number | undefined;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

const ERASE_TIMEOUT_MS = 600_000;

/** Loads every conversation into a workspace of its own, asks every question in every variant, and erases the workspaces again. */
export async function evaluate(
  address: RemoteAddress,
  conversations: readonly Conversation[],
  options: EvaluateOptions,
): Promise<readonly Evaluation[]> {
  const made: string[] = [];
  try {
    const loaded = await load(address, conversations, made, options);
    const evaluations: Evaluation[] = [];
    for (const variant of options.variants) evaluations.push(await evaluateVariant(loaded, variant, options));
    return evaluations;
  } finally {
    await erase(address, made, options.tell);
  }
}

async function load(
  address: RemoteAddress,
  conversations: readonly Conversation[],
  made: string[],
  { tell, signal }: EvaluateOptions,
): Promise<readonly LoadedConversation[]> {
  const progress = new Progress(tell);
  const loaded: LoadedConversation[] = [];
  for (const conversation of conversations) {
    loaded.push(await loadConversation(address, conversation, (id) => made.push(id), signal));
    progress.step("conversations loaded", loaded.length, conversations.length);
  }
  for (const [index, one] of loaded.entries()) {
    await untilEmbedded(one, signal);
    progress.step("conversations with vectors", index + 1, loaded.length);
  }
  return loaded;
}

async function evaluateVariant(
  loaded: readonly LoadedConversation[],
  variant: Variant,
  { limit, tell, signal }: EvaluateOptions,
): Promise<Evaluation> {
  const progress = new Progress(tell);
  const questionsOf = (one: LoadedConversation) => one.conversation.questions.slice(0, limit);
  const total = loaded.reduce((sum, one) => sum + questionsOf(one).length, 0);
  const asked: Asked[] = [];
  let done = 0;
  const told = () => progress.step(`questions asked (${variantName(variant)})`, ++done, total);
  for (const one of loaded) asked.push(...(await askQuestions(one, questionsOf(one), variant, signal, told)));
  return { variant, asked };
}

/** Tries each, whatever becomes of the others, and throws the first failure at the end. */
async function erase(address: RemoteAddress, made: readonly string[], tell: (line: string) => void): Promise<void> {
  const workspaces = createClient(WorkspaceService, remoteTransport(address));
  const failures: unknown[] = [];
  for (const workspace of made) {
    await workspaces.deleteWorkspace({ workspace }, { timeoutMs: ERASE_TIMEOUT_MS }).catch((error: unknown) => {
      tell(`workspace ${workspace} could not be erased: cairn workspaces delete ${workspace} --yes does it`);
      failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}
