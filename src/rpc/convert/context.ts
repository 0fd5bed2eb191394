import {
  type AssembleContextRequest,
  ContextOrder as ContextOrderPb,
  ContextReference as ContextReferencePb,
  ContextTokenizer,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import type { Context, ContextOrder, ContextReference } from "../../domain/context.ts";
import type { TokenCounter } from "../../domain/ports/token-counter.ts";
import { tokenEstimate } from "../../domain/token-estimate.ts";
import type { AssembleContextInput } from "../../usecases/search/assemble-context.ts";
import { fromSearch, toSummary } from "./search.ts";

const ORDER: Record<ContextOrderPb, ContextOrder> = {
  [ContextOrderPb.UNSPECIFIED]: "source",
  [ContextOrderPb.SOURCE]: "source",
  [ContextOrderPb.TIME]: "time",
  [ContextOrderPb.RELEVANCE]: "relevance",
};

const REFERENCE: Record<ContextReferencePb, ContextReference> = {
  [ContextReferencePb.UNSPECIFIED]: "id",
  [ContextReferencePb.ID]: "id",
  [ContextReferencePb.NUMBER]: "number",
};

const DEFAULT_BUDGET = 2000;
const DEFAULT_LIMIT = 50;

/** @param counter what counts unless an estimate was asked for */
export function fromAssembleContext(request: AssembleContextRequest, counter: TokenCounter): AssembleContextInput {
  return {
    search: fromSearch({ ...request, limit: request.limit ?? DEFAULT_LIMIT, collapseDuplicates: true }),
    tokenBudget: request.tokenBudget ?? DEFAULT_BUDGET,
    counter: request.tokenizer === ContextTokenizer.ESTIMATE ? tokenEstimate : counter,
    order: ORDER[request.order]!, // Validation has refused every other number.
    reference: REFERENCE[request.reference]!,
  };
}

export function toContext({ text, tokenCount, exact, memories, omittedIds, summary }: Context) {
  return {
    ...{ text, tokenCount },
    tokenCountExact: exact,
    memories: memories.map(({ memory, rank, score, tokens, cut, duplicateIds }) => ({
      ...{ memoryId: memory.id, rank, score, tokens },
      truncated: cut,
      duplicateMemoryIds: [...duplicateIds],
    })),
    omittedMemoryIds: [...omittedIds],
    summary: toSummary(summary),
  };
}
