import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { portToKeep } from "../../scripts/postgres/port-to-keep.ts";

/** How it answers. `down`: nobody listens. `half`: a vector too few. */
export type Behaviour = "good" | "slow" | "429" | "500" | "dimension" | "nan" | "null" | "half" | "reordered" | "down";

interface Request {
  readonly model: string;
  readonly input: readonly string[];
}

const SLOW_MS = 9000;

/**
 * An OpenAI-compatible provider on a real socket. A vector depends on model and text alone, and texts that share words are near
 * each other. It can be made to fail in every way that a provider fails, and be well again at the same address.
 */
export class FakeProvider {
  readonly dimensions: number;
  behaviour: Behaviour = "good";
  /** Texts that it embedded, a count for each model. */
  readonly embedded = new Map<string, number>();
  /** Requests that came, whatever became of them. */
  requests = 0;
  /** Requests at one time, at most. */
  mostAtOnce = 0;
  /** Texts of a model that it embeds before it leaves requests without an answer. */
  limit = Number.POSITIVE_INFINITY;
  /** Rest before each good answer. */
  delayMs = 0;
  #running = 0;
  #server: Server | null = null;
  #port = 0;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await portToKeep();
    const server = createServer((request, response) => this.#receive(request, response));
    await new Promise<void>((done, fail) => server.once("error", fail).listen(this.#port, "127.0.0.1", done));
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  async behave(behaviour: Behaviour): Promise<void> {
    if (behaviour === "down") await this.stop();
    else if (this.#server === null) await this.start();
    this.behaviour = behaviour;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    let body = "";
    this.requests++;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#running);
    response.once("close", () => this.#running--);
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const asked = JSON.parse(body) as Request;
      const restMs = this.behaviour === "slow" ? SLOW_MS : this.delayMs;
      if (restMs === 0) this.#answer(asked, response);
      else setTimeout(() => this.#answer(asked, response), restMs);
    });
  }

  #answer({ model, input }: Request, response: ServerResponse): void {
    if (response.destroyed || (this.embedded.get(model) ?? 0) >= this.limit) return;
    const { behaviour } = this;
    if (behaviour === "429" || behaviour === "500") {
      response.writeHead(Number(behaviour), behaviour === "429" ? { "retry-after": "1" } : {}).end("no");
      return;
    }
    const data = input.map((text, index) => ({ index, embedding: fakeVector(model, text, this.dimensions) }));
    if (behaviour === "half") data.splice(Math.floor(data.length / 2));
    if (behaviour === "reordered") data.reverse();
    // What JSON.stringify makes of NaN.
    if (behaviour === "null") for (const one of data) one.embedding[0] = null as unknown as number;
    if (behaviour === "dimension") for (const one of data) one.embedding = one.embedding.slice(1);
    const text = JSON.stringify({ data });
    response.writeHead(200, { "content-type": "application/json" });
    // What JSON cannot say, some servers say anyway.
    response.end(behaviour === "nan" ? text.replace(/"embedding":\[[^,]*,/, '"embedding":[NaN,') : text);
    if (behaviour === "good" || behaviour === "slow" || behaviour === "reordered")
      this.embedded.set(model, (this.embedded.get(model) ?? 0) + input.length);
  }
}

/** A unit vector: the sum of one random-looking vector a word, which the model's name seeds. */
export function fakeVector(model: string, text: string, dimensions: number): number[] {
  const sum = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? ["-"]) {
    let seed = hash(`${model}/${word}`);
    for (let i = 0; i < dimensions; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      sum[i] = (sum[i] as number) + (seed / 2 ** 31 - 1);
    }
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

/** Cosine of what the provider says of two texts. */
export function fakeCosine(model: string, one: string, other: string, dimensions: number): number {
  const [a, b] = [fakeVector(model, one, dimensions), fakeVector(model, other, dimensions)];
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}
