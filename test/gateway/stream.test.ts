import type { JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { gatewayOf, respond } from "./harness.ts";
import type { SchemaSpec } from "./schema.ts";

const spec: SchemaSpec = {
  messages: {
    Request: { query: "string" },
    Result: { rank: "int32", text: "string" },
    Summary: { count: "int32" },
    Part: { "part.result": "Result", "part.summary": "Summary" },
    Plain: { n: "int32" },
  },
  methods: {
    Search: {
      input: "Request",
      output: "Part",
      stream: "server",
      http: { pattern: { case: "post", value: "/items:search" }, body: "*" },
    },
    Count: { input: "Request", output: "Plain", stream: "server", http: { pattern: { case: "get", value: "/count" } } },
  },
};

const two: JsonValue[] = [{ result: { rank: 1, text: "a\nb" } }, { summary: { count: 1 } }];

async function* twoParts(): AsyncGenerator<JsonValue> {
  yield* two;
}

describe("a server stream", () => {
  it("is NDJSON: one message a line", async () => {
    const { ask } = gatewayOf(spec, twoParts);
    const answer = await ask("POST", "/items:search", { body: '{"query":"x"}' });
    expect(answer.status).toBe(200);
    expect(answer.header.get("content-type")).toBe("application/x-ndjson");
    expect(answer.text).toBe('{"result":{"rank":1,"text":"a\\nb"}}\n{"summary":{"count":1}}\n');
  });

  it("is server-sent events, named for the oneof's case, where the client accepts them", async () => {
    const { ask } = gatewayOf(spec, twoParts);
    const answer = await ask("POST", "/items:search", { body: "{}", headers: { accept: "text/event-stream" } });
    expect(answer.header.get("content-type")).toBe("text/event-stream");
    expect(answer.header.get("cache-control")).toBe("no-store");
    expect(answer.text).toBe(
      'event: result\ndata: {"result":{"rank":1,"text":"a\\nb"}}\n\nevent: summary\ndata: {"summary":{"count":1}}\n\n',
    );
  });

  it.each([
    ["*/*", "application/x-ndjson"],
    ["application/json, text/plain", "application/x-ndjson"],
    ["text/event-stream;q=0", "application/x-ndjson"],
    ["text/event-stream;q=0.4, application/x-ndjson;q=0.5", "application/x-ndjson"],
    ["application/x-ndjson;q=0.5, Text/Event-Stream", "text/event-stream"],
  ])("answers Accept: %s with %s", async (accept, type) => {
    const { ask } = gatewayOf(spec, twoParts);
    expect((await ask("POST", "/items:search", { headers: { accept } })).header.get("content-type")).toBe(type);
  });

  it("names events `message` where there is no oneof", async () => {
    const { ask } = gatewayOf(spec, async function* () {
      yield { n: 0 };
    });
    expect((await ask("GET", "/count", { headers: { accept: "text/event-stream" } })).text).toBe(
      'event: message\ndata: {"n":0}\n\n',
    );
  });

  it("may be empty", async () => {
    const { ask } = gatewayOf(spec, async function* () {});
    expect(await ask("GET", "/count")).toMatchObject({ status: 200, text: "" });
  });

  it("that is refused before its first message answers with the status of the rejection", async () => {
    const { ask } = gatewayOf(spec, async function* () {
      throw new ConnectError("no key", Code.Unauthenticated);
      // biome-ignore lint/correctness/noUnreachable: makes this a generator that fails before it yields
      yield {};
    });
    const answer = await ask("POST", "/items:search", { headers: { accept: "text/event-stream" } });
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ error: { code: "UNAUTHENTICATED", message: "no key", details: [] } });
  });

  it.each([
    ["application/x-ndjson", '{"n":1}\n{"error":{"code":"UNAVAILABLE","message":"gone","details":[]}}\n'],
    [
      "text/event-stream",
      'event: message\ndata: {"n":1}\n\nevent: error\ndata: {"error":{"code":"UNAVAILABLE","message":"gone","details":[]}}\n\n',
    ],
  ])("that breaks off ends with its error, in %s", async (accept, text) => {
    const { ask } = gatewayOf(spec, async function* () {
      yield { n: 1 };
      throw new ConnectError("gone", Code.Unavailable);
    });
    expect((await ask("GET", "/count", { headers: { accept } })).text).toBe(text);
  });

  const endless = () => {
    const state = { sent: 0, aborted: false, finished: false };
    const handler = async function* (_: JsonValue, context: HandlerContext): AsyncGenerator<JsonValue> {
      context.signal.addEventListener("abort", () => {
        state.aborted = true;
      });
      try {
        for (;;) {
          state.sent++;
          yield { n: state.sent };
        }
      } finally {
        state.finished = true;
      }
    };
    return { state, handler };
  };

  it("runs no further ahead than its reader pulls", async () => {
    const { state, handler } = endless();
    const { gateway } = gatewayOf(spec, handler);
    const response = await respond(gateway, "GET", "/count");
    const reader = response!.body![Symbol.asyncIterator]();
    for (let pulled = 0; pulled < 5; pulled++) {
      await reader.next();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state.sent).toBeLessThan(10);
    await reader.return?.();
  });

  it.each([0, 3])("is cancelled by a reader that leaves after %i messages", async (reads) => {
    const { state, handler } = endless();
    const { gateway } = gatewayOf(spec, handler);
    const response = await respond(gateway, "GET", "/count");
    const reader = response!.body![Symbol.asyncIterator]();
    for (let pulled = 0; pulled < reads; pulled++) {
      await reader.next();
    }
    await reader.return?.();
    await expect.poll(() => [state.aborted, state.finished]).toEqual([true, true]);
  });

  it("is cancelled by a client that disconnects", async () => {
    const { state, handler } = endless();
    const { gateway } = gatewayOf(spec, handler);
    const client = new AbortController();
    await respond(gateway, "GET", "/count", { signal: client.signal });
    client.abort();
    await expect.poll(() => [state.aborted, state.finished]).toEqual([true, true]);
  });

  it("that its deadline ends between two reads says so, and does not look whole", async () => {
    const { handler } = endless();
    const { gateway } = gatewayOf(spec, handler);
    const deadline = new AbortController();
    const response = await respond(gateway, "GET", "/count", { signal: deadline.signal });
    const reader = response!.body![Symbol.asyncIterator]();
    await reader.next();
    deadline.abort(new ConnectError("the deadline passed", Code.DeadlineExceeded));
    const last = await reader.next();
    expect(JSON.parse(Buffer.from(last.value).toString())).toMatchObject({ error: { code: "DEADLINE_EXCEEDED" } });
    expect((await reader.next()).done).toBe(true);
  });

  it("is cancelled after HEAD, which has no reader", async () => {
    const { state, handler } = endless();
    const { ask } = gatewayOf(spec, handler);
    expect(await ask("HEAD", "/count")).toMatchObject({ status: 200, text: "" });
    await expect.poll(() => [state.aborted, state.finished]).toEqual([true, true]);
  });

  it("holds no listener on the request's signal once it has ended", async () => {
    const client = new AbortController();
    let held = 0;
    const { signal } = client;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      held++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      held--;
      remove(...args);
    };
    const { ask } = gatewayOf(spec, twoParts);
    await ask("POST", "/items:search", { signal });
    expect(held).toBe(0);
  });
});
