import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { MemorySchema, Outcome, Visibility } from "../../../gen/server/cairn/v1/memory_pb.ts";
import { MemoryService as NativeService, type SearchRequest } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { ErrorInfoSchema } from "../../../gen/server/google/rpc/error_details_pb.ts";
import { MemoryService } from "../../../gen/server/trustpager/v1/memory_pb.ts";
import { dialectField } from "../../../src/compat/trustpager/field-names.ts";
import { trustpagerService } from "../../../src/compat/trustpager/trustpager-service.ts";
import { createInProcessTransport, mount } from "../../../src/rpc/in-process-transport.ts";

type Native = Partial<ServiceImpl<typeof NativeService>>;

/** A TrustPager client over a native service of which only these methods exist. */
function clientOver(native: Native) {
  const inner = createInProcessTransport([mount(NativeService, native as ServiceImpl<typeof NativeService>, [])]);
  return createClient(MemoryService, createInProcessTransport([mount(MemoryService, trustpagerService(inner), [])]));
}

const memory = (id: string, more: MessageInitShape<typeof MemorySchema> = {}) =>
  create(MemorySchema, { id, kind: "note", content: "x", visibility: Visibility.SHARED, ...more });

describe("trustpagerService()", () => {
  it("fills a list's limit over native pages that end early, each after the last item", async () => {
    const pages: string[] = [];
    const client = clientOver({
      listMemories: ({ afterMemoryId, pageSize }) => {
        pages.push(`${pageSize} after ${afterMemoryId ?? "nothing"}`);
        const first = Number(afterMemoryId ?? 0) + 1;
        const memories = Array.from({ length: Math.min(pageSize, 2) }, (_, index) => memory(String(first + index)));
        return { memories, nextPageToken: "more" };
      },
    });
    const { data } = await client.listMemory({ limit: 5, after: "10" });
    expect(data.map(({ id }) => id)).toEqual(["11", "12", "13", "14", "15"]);
    expect(pages).toEqual(["5 after 10", "3 after 12", "1 after 14"]);
  });

  it("ends a list where the native one ends, and asks for 25 where no limit is named", async () => {
    const client = clientOver({ listMemories: ({ pageSize }) => ({ memories: [memory(String(pageSize))] }) });
    expect((await client.listMemory({})).data.map(({ id }) => id)).toEqual(["25"]);
  });

  it.each<[string, { limit?: number; threshold?: number }, Partial<SearchRequest>]>([
    ["the defaults", {}, { limit: 10, minSimilarity: 0.15, lexicalPassesSimilarity: true }],
    ["an explicit threshold", { threshold: 0.15 }, { minSimilarity: 0.15, lexicalPassesSimilarity: false }],
    ["no floor", { threshold: 0, limit: 50 }, { limit: 50, minSimilarity: 0, lexicalPassesSimilarity: false }],
  ])("searches with %s", async (_, asked, expected) => {
    let seen: Partial<SearchRequest> = {};
    const client = clientOver({
      async *search(request) {
        seen = request;
        yield { part: { case: "result", value: { rank: 1, memory: memory("1"), signals: { cosine: 0.5 } } } };
        yield { part: { case: "result", value: { rank: 2, memory: memory("2"), signals: {} } } };
        yield { part: { case: "summary", value: { count: 2 } } };
      },
    });
    const { results, count } = await client.searchMemory({ query: "x", ...asked });
    expect(seen).toMatchObject(expected);
    expect(results.map(({ id, similarity }) => [id, similarity])).toEqual([
      ["1", 0.5],
      ["2", 0],
    ]);
    expect(count).toBe(2);
  });

  it("answers an error, not fewer results, where the embedding provider is down", async () => {
    const client = clientOver({
      async *search() {
        yield { part: { case: "result", value: { rank: 1, memory: memory("1") } } };
        yield { part: { case: "summary", value: { count: 1, degraded: true } } };
      },
    });
    await expect(client.searchMemory({ query: "x" })).rejects.toMatchObject({ code: Code.Unavailable });
  });

  it.each([
    [Outcome.CREATED, true],
    [Outcome.UPDATED, false],
    [Outcome.UNCHANGED, false],
    [Outcome.REVIVED, false],
  ])("says of outcome %i whether it made a row: %s", async (outcome, created) => {
    const client = clientOver({ writeMemory: () => ({ memory: memory("1"), outcome }) });
    expect((await client.writeMemory({})).created).toBe(created);
  });

  it("calls natively with the caller's own credentials, and with no other header of its call", async () => {
    let header = new Headers();
    const client = clientOver({
      getMemory: (_, context: HandlerContext) => {
        header = context.requestHeader;
        return { memory: memory("1") };
      },
    });
    const headers = { authorization: "Bearer k", "cairn-agent": "a", "x-request-id": "r", cookie: "c" };
    await client.getMemory({ id: "1" }, { headers });
    expect(Object.fromEntries(header)).toEqual({
      authorization: "Bearer k",
      "cairn-agent": "a",
      "x-request-id": "r",
    });
  });

  it("gives a native call the caller's deadline", async () => {
    const client = clientOver({
      getMemory: (_, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    await expect(client.getMemory({ id: "1" }, { timeoutMs: 20 })).rejects.toMatchObject({
      code: Code.DeadlineExceeded,
    });
  });

  it("names the field that a native call finds fault with in the dialect's words", async () => {
    const value = {
      reason: "EXPIRE_TIME_PAST",
      domain: "cairn.v1",
      metadata: { field: "memory.expire_time", other: "kept" },
    };
    const failure = new ConnectError(
      "memory.expire_time: must be in the future",
      Code.InvalidArgument,
      { "x-request-id": "r" },
      [{ desc: ErrorInfoSchema, value }],
    );
    const client = clientOver({
      writeMemory: () => {
        throw failure;
      },
    });
    const error = ConnectError.from(await client.writeMemory({}).catch((reason) => reason));
    expect(error.rawMessage).toBe("expires_at: must be in the future");
    expect(error.metadata.get("x-request-id")).toBe("r");
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([
      { reason: "EXPIRE_TIME_PAST", domain: "cairn.v1", metadata: { field: "expires_at", other: "kept" } },
    ]);
  });
});

describe("dialectField()", () => {
  it.each([
    ["memory.expire_time", "expires_at"],
    ["memory.agent_id", "agent_registry_id"],
    ["memory.content", "content"],
    ["memory.tags[3]", "tags[3]"],
    ["memory.metadata.a.expire_time", "metadata.a.expire_time"],
    ["memory.linked_entities[0].id", "linked_entities[0].id"],
    ["memory_id", "id"],
    ["after_memory_id", "after"],
    ["page_size", "limit"],
    ["filter.linked_entity.type", "linked_entity_type"],
    ["filter.linked_entity.id", "linked_entity_id"],
    ["filter.tags_any[2]", "tag[2]"],
    ["filter.created_after", "since"],
    ["min_similarity", "threshold"],
    ["query", "query"],
    ["update_mask", "update_mask"],
  ])("calls %s %s", (native, dialect) => {
    expect(dialectField(native)).toBe(dialect);
  });
});
