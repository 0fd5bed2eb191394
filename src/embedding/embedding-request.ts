import { ProviderFailure } from "./provider-failure.ts";

/** Where and what to ask. */
export interface EmbeddingEndpoint {
  /** Base address such as `https://api.openai.com/v1`; `/embeddings` is added unless it is there. */
  readonly url: string;
  /** Bearer key; absent: none is sent. */
  readonly key?: string;
  readonly model: string;
  /** What the model answers with; another length is a failure. */
  readonly dimensions: number;
  /** Sends `dimensions` along, for models that can shorten their vectors. Default false: most servers refuse it. */
  readonly sendDimensions?: boolean;
  /** For one request, headers and body. Default 10 seconds. */
  readonly timeoutMs?: number;
}

const RETRIABLE = new Set([408, 409, 425, 429]);
/** As many bytes of JSON as no provider needs for a number, and for all that stands beside the vectors. */
const BYTES_A_NUMBER = 64;
const BYTES_BESIDE = 1 << 20;

/** One request. Throws ProviderFailure, or the signal's reason where that is aborted. */
export async function requestEmbeddings(
  endpoint: EmbeddingEndpoint,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<(Float32Array | null)[]> {
  const timeoutMs = endpoint.timeoutMs ?? 10_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  let body: string;
  try {
    body = await post(endpoint, texts, AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderFailure) throw error;
    if (timeout.aborted) throw new ProviderFailure(`no answer within ${timeoutMs} ms`, true, null, error);
    throw new ProviderFailure("it cannot be reached", true, null, error);
  }
  return readVectors(body, texts.length, endpoint.dimensions);
}

async function post(endpoint: EmbeddingEndpoint, texts: readonly string[], signal: AbortSignal): Promise<string> {
  const response = await fetch(addressOf(endpoint.url), {
    method: "POST",
    // A redirected POST would come back as a GET, so it counts as a rejection instead of being followed.
    redirect: "manual",
    headers: {
      "content-type": "application/json",
      ...(endpoint.key === undefined ? {} : { authorization: `Bearer ${endpoint.key}` }),
    },
    body: JSON.stringify({
      model: endpoint.model,
      input: texts,
      encoding_format: "float",
      ...(endpoint.sendDimensions === true ? { dimensions: endpoint.dimensions } : {}),
    }),
    signal,
  });
  if (response.status === 200) {
    return await bodyOf(response, BYTES_BESIDE + texts.length * endpoint.dimensions * BYTES_A_NUMBER);
  }
  await response.body?.cancel();
  const retriable = response.status >= 500 || RETRIABLE.has(response.status);
  throw new ProviderFailure(`HTTP ${response.status}`, retriable, retryAfterMs(response.headers.get("retry-after")));
}

/** Whatever answers at the address, it is read within a bound. */
async function bodyOf(response: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw broken("its answer is longer than vectors can be");
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function addressOf(url: string): string {
  const base = url.replace(/\/+$/, "");
  return base.endsWith("/embeddings") ? base : `${base}/embeddings`;
}

function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function readVectors(body: string, count: number, dimensions: number): (Float32Array | null)[] {
  const data = readData(body);
  if (data.length !== count) throw broken(`${data.length} vectors came back for ${count} texts`);
  const vectors: (Float32Array | null | undefined)[] = new Array(count).fill(undefined);
  for (const [position, item] of data.entries()) {
    const { index, embedding } = readItem(item, position);
    if (!Number.isInteger(index) || index < 0 || index >= count || vectors[index] !== undefined)
      throw broken(`its vectors are not numbered 0 to ${count - 1}`);
    vectors[index] = unitVector(embedding, dimensions);
  }
  return vectors as (Float32Array | null)[];
}

function readData(body: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw new ProviderFailure("its answer is not JSON", false, null, error);
  }
  const data = isRecord(parsed) ? parsed.data : undefined;
  if (!Array.isArray(data)) throw broken("its answer has no list `data`");
  return data;
}

function readItem(item: unknown, position: number): { index: number; embedding: readonly unknown[] } {
  if (!isRecord(item) || !Array.isArray(item.embedding)) throw broken("a vector is not a list of numbers");
  const index = item.index ?? position;
  return { index: typeof index === "number" ? index : -1, embedding: item.embedding };
}

function unitVector(embedding: readonly unknown[], dimensions: number): Float32Array | null {
  if (embedding.length !== dimensions)
    throw broken(`a vector has ${embedding.length} dimensions instead of ${dimensions}`);
  let sum = 0;
  for (const value of embedding) {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw broken("a vector holds what is not a finite number");
    sum += value * value;
  }
  if (!Number.isFinite(sum)) throw broken("a vector is too long to be scaled");
  if (sum === 0) return null;
  const scale = 1 / Math.sqrt(sum);
  return Float32Array.from(embedding as readonly number[], (value) => value * scale);
}

function broken(message: string): ProviderFailure {
  return new ProviderFailure(message, false);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
