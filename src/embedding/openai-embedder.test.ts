import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { DomainError } from "../domain/failure.ts";
import { type OpenAiConfig, openAiEmbedder } from "./openai-embedder.ts";

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { model: string; input: string[]; encoding_format: string; dimensions?: number };
}

type Answer = (asked: Asked, response: ServerResponse, attempt: number) => void;

const servers: Server[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function provider(answer: Answer): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const one = { path: request.url ?? "", authorization: request.headers.authorization, body: JSON.parse(text) };
      asked.push(one);
      answer(one, response, asked.length);
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** A vector that names its text: [length of the text, 1, 0]. */
function vectorsFor(input: string[]) {
  return { data: input.map((text, index) => ({ index, embedding: [text.length, 1, 0] })) };
}

function ok(asked: Asked, response: ServerResponse): void {
  send(response, 200, vectorsFor(asked.body.input));
}

function embedder(url: string, more: Partial<OpenAiConfig> = {}) {
  return openAiEmbedder({ url, model: "m", dimensions: 3, retryDelayMs: 5, timeoutMs: 2000, ...more });
}

async function failureOf(promise: Promise<unknown>): Promise<DomainError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DomainError);
  expect((error as DomainError).reason).toBe("EMBEDDER_UNAVAILABLE");
  return error as DomainError;
}

describe("openAiEmbedder", () => {
  it("asks for batches, keeps the order of the texts and answers unit vectors", async () => {
    const { url, asked } = await provider(ok);
    const texts = ["a", "bb", "ccc", "dddd", "eeeee"];
    const vectors = await embedder(url, { key: "secret", batchSize: 2 }).embed(texts, never);
    expect(asked.map((one) => one.body.input.length).sort()).toEqual([1, 2, 2]);
    expect(asked[0]).toMatchObject({ path: "/v1/embeddings", authorization: "Bearer secret" });
    expect(asked[0]?.body).toMatchObject({ model: "m", encoding_format: "float" });
    expect(asked[0]?.body).not.toHaveProperty("dimensions");
    for (const [i, vector] of vectors.entries()) {
      expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 6);
      expect((vector?.[0] ?? 0) / (vector?.[1] ?? 1)).toBeCloseTo(i + 1, 4);
    }
  });

  it("believes the index of a vector, not its place", async () => {
    const { url } = await provider((asked, response) =>
      send(response, 200, { data: vectorsFor(asked.body.input).data.reverse() }),
    );
    const [first, second] = await embedder(url).embed(["a", "bbb"], never);
    expect((first?.[0] ?? 0) / (first?.[1] ?? 1)).toBeCloseTo(1, 4);
    expect((second?.[0] ?? 0) / (second?.[1] ?? 1)).toBeCloseTo(3, 4);
  });

  it("sends no blank text and gives it no vector, nor one of zeros", async () => {
    const { url, asked } = await provider((_, response) =>
      send(response, 200, { data: [{ index: 0, embedding: [0, 0, 0] }] }),
    );
    expect(await embedder(url).embed(["", " \n\t"], never)).toEqual([null, null]);
    expect(asked).toHaveLength(0);
    expect(await embedder(url).embed(["", "x"], never)).toEqual([null, null]);
  });

  it("asks for shortened vectors where it is told to", async () => {
    const { url, asked } = await provider(ok);
    await embedder(url, { sendDimensions: true }).embed(["a"], never);
    expect(asked[0]?.body.dimensions).toBe(3);
  });

  it.each([429, 500, 503])("tries again after HTTP %i", async (status) => {
    const { url, asked } = await provider((one, response, attempt) =>
      attempt < 3 ? send(response, status, "no") : ok(one, response),
    );
    expect(await embedder(url).embed(["a"], never)).toHaveLength(1);
    expect(asked).toHaveLength(3);
  });

  it("waits as long as retry-after asks", async () => {
    const { url } = await provider((one, response, attempt) =>
      attempt === 1 ? send(response, 429, "no", { "retry-after": "0.3" }) : ok(one, response),
    );
    const start = performance.now();
    await embedder(url).embed(["a"], never);
    expect(performance.now() - start).toBeGreaterThan(280);
  });

  it("gives up after the last attempt and names the status, not the answer or the key", async () => {
    const { url, asked } = await provider((_, response) => send(response, 500, "stack trace of secret"));
    const error = await failureOf(embedder(url, { key: "sk-1" }).embed(["a"], never));
    expect(error.message).toBe("embedding provider: HTTP 500 (attempts: 3)");
    expect(asked).toHaveLength(3);
  });

  it.each([400, 401, 404, 302])("does not repeat what HTTP %i refuses", async (status) => {
    const { url, asked } = await provider((_, response) => send(response, status, "no"));
    await failureOf(embedder(url, { attempts: 2 }).embed(["a"], never));
    expect(asked).toHaveLength(1);
  });

  it("gives up on a provider that is too slow", async () => {
    const { url, asked } = await provider(() => {});
    // Time enough for the request to arrive on a busy machine.
    const error = await failureOf(embedder(url, { timeoutMs: 1000, attempts: 2 }).embed(["a"], never));
    expect(error.message).toContain("no answer within 1000 ms");
    expect(asked).toHaveLength(2);
  });

  it("gives up on an answer whose body never ends", async () => {
    const { url } = await provider((_, response) => {
      response.writeHead(200);
      response.write('{"data":[');
    });
    const error = await failureOf(embedder(url, { timeoutMs: 60, attempts: 1 }).embed(["a"], never));
    expect(error.message).toContain("no answer within 60 ms");
  });

  it("reads no more of an answer than vectors can be", async () => {
    let sent = 0;
    const { url } = await provider((_, response) => {
      response.writeHead(200);
      const spaces = Buffer.alloc(1 << 16, 32);
      const pump = () => {
        while (!response.destroyed) {
          sent += spaces.length;
          if (!response.write(spaces)) break;
        }
      };
      response.on("drain", pump);
      pump();
    });
    const error = await failureOf(embedder(url, { attempts: 2 }).embed(["a"], never));
    expect(error.message).toContain("its answer is longer than vectors can be (attempts: 1)");
    expect(sent).toBeLessThan(20_000_000);
  });

  it("fails where nobody listens", async () => {
    const error = await failureOf(embedder("http://127.0.0.1:1/v1", { attempts: 2 }).embed(["a"], never));
    expect(error.message).toContain("cannot be reached");
  });

  it.each([
    ["another dimension", { data: [{ index: 0, embedding: [1, 2] }] }, "2 dimensions instead of 3"],
    ["null for a number", { data: [{ index: 0, embedding: [1, null, 2] }] }, "finite"],
    ["a number as text", { data: [{ index: 0, embedding: [1, "NaN", 2] }] }, "finite"],
    ["a number beyond every double", '{"data":[{"index":0,"embedding":[1,1e999,2]}]}', "finite"],
    ["numbers too large to be scaled", { data: [{ index: 0, embedding: [1e200, 1e200, 0] }] }, "scaled"],
    ["a bare NaN", '{"data":[{"index":0,"embedding":[1,NaN,2]}]}', "not JSON"],
    ["a page", "<html>", "not JSON"],
    ["no data", { error: "x" }, "no list"],
    [
      "a vector too many",
      { data: [0, 1].map((index) => ({ index, embedding: [1, 2, 3] })) },
      "2 vectors came back for 1",
    ],
  ])("refuses an answer with %s, once", async (_, body, words) => {
    const { url, asked } = await provider((_asked, response) => send(response, 200, body));
    const error = await failureOf(embedder(url).embed(["a"], never));
    expect(error.message).toContain(words);
    expect(asked).toHaveLength(1);
  });

  it("refuses half a batch, and a batch that has one vector twice", async () => {
    const half = await provider((asked, response) =>
      send(response, 200, { data: vectorsFor(asked.body.input).data.slice(0, 2) }),
    );
    const error = await failureOf(embedder(half.url).embed(["a", "b", "c", "d"], never));
    expect(error.message).toContain("2 vectors came back for 4 texts");
    const twice = await provider((_, response) =>
      send(response, 200, { data: [0, 0].map((index) => ({ index, embedding: [1, 2, 3] })) }),
    );
    expect((await failureOf(embedder(twice.url).embed(["a", "b"], never))).message).toContain("not numbered 0 to 1");
  });

  it("has no more requests in flight than it may, over all callers", async () => {
    let running = 0;
    let most = 0;
    const { url } = await provider((one, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        ok(one, response);
      }, 20);
    });
    const one = embedder(url, { batchSize: 1, concurrency: 2 });
    await Promise.all([one.embed(["a", "b", "c"], never), one.embed(["d", "e", "f"], never)]);
    expect(most).toBe(2);
  });

  it("stops at once when the caller gives up, with the caller's own reason, and frees its slot", async () => {
    const { url } = await provider((one, response, attempt) => {
      if (attempt > 1) ok(one, response);
    });
    const one = embedder(url, { concurrency: 1, timeoutMs: 5000 });
    const stop = new AbortController();
    const reason = new Error("the caller left");
    const first = one.embed(["a"], stop.signal);
    const queued = one.embed(["b"], stop.signal);
    setTimeout(() => stop.abort(reason), 50);
    await expect(first).rejects.toBe(reason);
    await expect(queued).rejects.toBe(reason);
    expect(await one.embed(["c"], never)).toHaveLength(1);
  });

  it("stops waiting for a retry when the caller gives up", async () => {
    const { url } = await provider((_, response) => send(response, 503, "no", { "retry-after": "60" }));
    const start = performance.now();
    await expect(embedder(url).embed(["a"], AbortSignal.timeout(50))).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
