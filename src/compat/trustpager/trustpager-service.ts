/*
 * TrustPager, Agent Memory API: https://docs.trustpager.com/api/memory.md and its help center, read 2026-11-21.
 *
 *   GET    /v1/memory         ListMemory    → ListMemories, as often as it takes to fill `limit`
 *   POST   /v1/memory         WriteMemory   → WriteMemory
 *   GET    /v1/memory/:id     GetMemory     → GetMemory
 *   PATCH  /v1/memory/:id     UpdateMemory  → UpdateMemory
 *   DELETE /v1/memory/:id     DeleteMemory  → DeleteMemory
 *   POST   /v1/memory/search  SearchMemory  → Search
 *
 * Each again under /functions/v1/api/v1/memory, the path of the hosted base URL. Not supported: nothing that is documented.
 * Where the documents say nothing: POST and PATCH answer the bare memory, as GET does; errors are {error: {code, message, details}}.
 */
import {
  type Client,
  Code,
  createClient,
  type HandlerContext,
  type ServiceImpl,
  type Transport,
} from "@connectrpc/connect";
import { MemoryService as NativeMemoryService } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import type { MemoryService } from "../../../gen/server/trustpager/v1/memory_pb.ts";
import { answerOf, hitOf, memoryOf } from "./from-native.ts";
import { inDialectTerms } from "./native-failure.ts";
import { rejection } from "./rejection.ts";
import { listPage, searchOf, updateOf, writeOf } from "./to-native.ts";

type Native = Client<typeof NativeMemoryService>;
type CallOptions = NonNullable<Parameters<Native["getMemory"]>[1]>;

const DEFAULT_LIMIT = 25;

/** Serves TrustPager's six operations by native calls through `transport`, with the caller's own credentials and deadline. */
export function trustpagerService(transport: Transport): ServiceImpl<typeof MemoryService> {
  const native = createClient(NativeMemoryService, transport);
  return {
    async listMemory(request, context) {
      return inDialectTerms(async () => ({ data: await list(native, request, callOptions(context)) }));
    },
    async getMemory({ id }, context) {
      return inDialectTerms(async () => answerOf(await native.getMemory({ memoryId: id }, callOptions(context))));
    },
    async writeMemory(request, context) {
      return inDialectTerms(async () => answerOf(await native.writeMemory(writeOf(request), callOptions(context))));
    },
    async updateMemory(request, context) {
      return inDialectTerms(async () => answerOf(await native.updateMemory(updateOf(request), callOptions(context))));
    },
    async deleteMemory({ id }, context) {
      return inDialectTerms(async () => answerOf(await native.deleteMemory({ memoryId: id }, callOptions(context))));
    },
    async searchMemory(request, context) {
      return inDialectTerms(async () => {
        const results = [];
        for await (const { part } of native.search(searchOf(request), callOptions(context))) {
          if (part.case === "result") {
            results.push(hitOf(part.value));
          } else if (part.case === "summary" && part.value.degraded) {
            // Its documents promise an error, not fewer results, where the embedding service is down.
            const problem = "it does not answer";
            throw rejection(Code.Unavailable, "EMBEDDER_UNAVAILABLE", `embedding provider: ${problem}`, { problem });
          }
        }
        return { results, count: results.length };
      });
    },
  };
}

/** Native pages end early where memories are large; this list does not. */
async function list(native: Native, request: Parameters<typeof listPage>[0], options: CallOptions) {
  const limit = request.limit ?? DEFAULT_LIMIT;
  const memories = [];
  for (let after = request.after; ; after = memories.at(-1)!.id) {
    const page = await native.listMemories(listPage(request, after, limit - memories.length), options);
    memories.push(...page.memories.map(memoryOf));
    if (memories.length >= limit || page.nextPageToken === "") {
      return memories;
    }
  }
}

const FORWARDED = ["authorization", "cairn-agent", "x-request-id", "traceparent", "tracestate", "user-agent"];

function callOptions(context: HandlerContext): CallOptions {
  const headers = new Headers();
  for (const name of FORWARDED) {
    const value = context.requestHeader.get(name);
    if (value !== null) {
      headers.set(name, value);
    }
  }
  const timeoutMs = context.timeoutMs();
  // Its values carry who calls, as the headers said, so that the native call does not ask again.
  return {
    headers,
    signal: context.signal,
    contextValues: context.values,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
