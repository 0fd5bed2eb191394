import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  DeleteMemoryRequestSchema,
  ListMemoriesRequestSchema,
  ListRevisionsRequestSchema,
  type MemoryService,
  RestoreMemoryRequestSchema,
  UpdateMemoryRequestSchema,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { DomainError, invalidField } from "../../domain/failure.ts";
import type { TokenCounter } from "../../domain/ports/token-counter.ts";
import { deleteMemory } from "../../usecases/memories/delete-memory.ts";
import { getMemory } from "../../usecases/memories/get-memory.ts";
import { listMemories } from "../../usecases/memories/list-memories.ts";
import { listRevisions } from "../../usecases/memories/list-revisions.ts";
import { purgeMemory } from "../../usecases/memories/purge-memory.ts";
import { restoreMemory } from "../../usecases/memories/restore-memory.ts";
import { updateMemory } from "../../usecases/memories/update-memory.ts";
import { type WriteMemoriesDeps, writeMemories } from "../../usecases/memories/write-memories.ts";
import { assembleContext } from "../../usecases/search/assemble-context.ts";
import { search } from "../../usecases/search/search.ts";
import type { SearchDeps } from "../../usecases/search/search-input.ts";
import { toBatchResult } from "../batch-result.ts";
import { callerOf } from "../caller-of.ts";
import { fromAssembleContext, toContext } from "../convert/context.ts";
import { fromFilter } from "../convert/filter.ts";
import { toMemory, toOutcome, toRevision } from "../convert/memory.ts";
import { decodePageToken, encodePageToken, ID_KEY, type PageScope } from "../convert/page-token.ts";
import { requestKeyOf } from "../convert/request-key.ts";
import { fromSearch, toSearchResponses } from "../convert/search.ts";
import { fromUpdateMask } from "../convert/update-mask.ts";
import { fromBatchWrite, fromWrite } from "../convert/write.ts";
import { kFaultyItems } from "../faulty-items.ts";

const REVISION_KEY = /^[1-9][0-9]{0,9}$/;

export type MemoryServiceDeps = WriteMemoriesDeps &
  SearchDeps & {
    /** Counts what a context costs, unless an estimate is asked for. */
    readonly tokenCounter: TokenCounter;
  };

export function memoryService(deps: MemoryServiceDeps): ServiceImpl<typeof MemoryService> {
  return { ...writes(deps), ...changes(deps), ...reads(deps) };
}

type Writes = "writeMemory" | "batchWriteMemories" | "updateMemory";
type Changes = "deleteMemory" | "restoreMemory" | "purgeMemory";
type Reads = Exclude<keyof ServiceImpl<typeof MemoryService>, Writes | Changes>;
type Part<K extends keyof ServiceImpl<typeof MemoryService>> = Pick<ServiceImpl<typeof MemoryService>, K>;

function writes(deps: WriteMemoriesDeps): Part<Writes> {
  return {
    async writeMemory(request, context) {
      const answer = await writeMemories(deps, callerOf(context), await fromWrite(request), context.signal);
      const written = answer.results[0]!;
      if (written instanceof DomainError) {
        throw written;
      }
      return { memory: toMemory(written.memory), outcome: toOutcome(written.outcome), deltaId: answer.deltaId };
    },
    async batchWriteMemories(request, context) {
      const input = await fromBatchWrite(request, context.values.get(kFaultyItems));
      const answer = await writeMemories(deps, callerOf(context), input, context.signal);
      return { results: answer.results.map(toBatchResult), deltaId: answer.deltaId };
    },
    async updateMemory(request, context) {
      const input = {
        ...mutationInput(request),
        patch: fromUpdateMask(request.updateMask, request.memory),
        request: await requestKeyOf("UpdateMemory", UpdateMemoryRequestSchema, request),
      };
      const { memory, outcome } = await updateMemory(deps, callerOf(context), input, context.signal);
      return { memory: toMemory(memory), outcome: toOutcome(outcome) };
    },
  };
}

function changes(deps: WriteMemoriesDeps): Part<Changes> {
  return {
    async deleteMemory(request, context) {
      const key = await requestKeyOf("DeleteMemory", DeleteMemoryRequestSchema, request);
      const input = { ...mutationInput(request), request: key };
      const { memory } = await deleteMemory(deps, callerOf(context), input, context.signal);
      return { memory: toMemory(memory) };
    },
    async restoreMemory(request, context) {
      const key = await requestKeyOf("RestoreMemory", RestoreMemoryRequestSchema, request);
      const input = { ...mutationInput(request), request: key };
      const { memory } = await restoreMemory(deps, callerOf(context), input, context.signal);
      return { memory: toMemory(memory) };
    },
    async purgeMemory(request, context) {
      const input = mutationInput(request);
      await purgeMemory(deps, callerOf(context), input, context.signal);
      return { memoryId: input.id };
    },
  };
}

function reads(deps: MemoryServiceDeps): Part<Reads> {
  return {
    async getMemory(request, context) {
      const input = { id: request.memoryId.toLowerCase(), ...request };
      return { memory: toMemory(await getMemory(deps, callerOf(context), input, context.signal)) };
    },
    async listMemories(request, context) {
      // Where the first page began is no argument of the next, which may not name it again.
      const bound = { ...request, afterMemoryId: undefined };
      const scope = pageScope("ListMemories", ListMemoriesRequestSchema, bound, context);
      const after = request.afterMemoryId?.toLowerCase() ?? null;
      if (after !== null && request.pageToken !== "") {
        throw invalidField("after_memory_id", "not together with page_token");
      }
      const { showDeleted, showExpired, pageSize } = request;
      const beforeId = after ?? (await decodePageToken(scope, ID_KEY));
      const input = { filter: fromFilter(request.filter), beforeId, showDeleted, showExpired, pageSize };
      const page = await listMemories(deps, callerOf(context), input, context.signal);
      const nextPageToken = page.more ? await encodePageToken(scope, page.items.at(-1)!.id) : "";
      return { memories: page.items.map(toMemory), nextPageToken };
    },
    async listRevisions(request, context) {
      const scope = pageScope("ListRevisions", ListRevisionsRequestSchema, request, context);
      const last = await decodePageToken(scope, REVISION_KEY);
      const beforeRevision = last === null ? null : Number(last);
      const input = { id: request.memoryId.toLowerCase(), pageSize: request.pageSize, beforeRevision };
      const page = await listRevisions(deps, callerOf(context), input, context.signal);
      const nextPageToken = page.more ? await encodePageToken(scope, String(page.items.at(-1)!.revision)) : "";
      return { revisions: page.items.map(toRevision), nextPageToken };
    },
    search(request, context) {
      // A copy: the generation in use may change while the search runs, and it reads one.
      return toSearchResponses(search({ ...deps }, callerOf(context), fromSearch(request), context.signal));
    },
    async assembleContext(request, context) {
      const input = fromAssembleContext(request, deps.tokenCounter);
      return toContext(await assembleContext({ ...deps }, callerOf(context), input, context.signal));
    },
  };
}

function mutationInput(request: { memoryId: string; expectedRevision?: number | undefined }) {
  return { id: request.memoryId.toLowerCase(), expectedRevision: request.expectedRevision ?? null };
}

function pageScope(
  method: string,
  schema: PageScope["schema"],
  request: PageScope["request"],
  context: HandlerContext,
): PageScope {
  return { method, workspaceId: callerOf(context).workspaceId, schema, request };
}
