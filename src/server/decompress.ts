import type { Compression, UniversalServerRequest } from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import type { Refusals } from "./refusal.ts";

/** What clients may compress requests with, by the name of the encoding. */
export const compressions: ReadonlyMap<string, Compression> = new Map(
  [compressionGzip, compressionBrotli].map((compression) => [compression.name, compression]),
);

/**
 * A REST request whose body, where it is compressed, is read and decompressed on demand, to at most `maxBytes`; the
 * content-encoding header goes. An encoding that is not gzip or br fails the first read of the body.
 */
export function decompressed(
  request: UniversalServerRequest,
  maxBytes: number,
  refusals: Refusals,
): UniversalServerRequest {
  const encoding = request.header.get("content-encoding")?.trim().toLowerCase();
  if (encoding === undefined || encoding === "" || encoding === "identity") {
    return request;
  }
  const chunks = request.body as AsyncIterable<Uint8Array>;
  request.header.delete("content-encoding");
  request.header.delete("content-length");
  return { ...request, body: inflate(chunks, encoding, maxBytes, refusals) };
}

async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  maxBytes: number,
  refusals: Refusals,
): AsyncGenerator<Uint8Array> {
  const compression = compressions.get(encoding);
  if (!compression) {
    throw refusals.malformed(`content-encoding ${JSON.stringify(encoding)} is not one of ${[...compressions.keys()]}`);
  }
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    parts.push(chunk);
  }
  yield await inflateBytes(compression, Buffer.concat(parts), maxBytes, refusals);
}

/** Decompresses to at most `maxBytes`, however much the bytes would become. */
export async function inflateBytes(
  compression: Compression,
  bytes: Uint8Array,
  maxBytes: number,
  refusals: Refusals,
): Promise<Uint8Array> {
  try {
    return await compression.decompress(bytes as Uint8Array<ArrayBuffer>, maxBytes);
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === 8;
    throw tooLarge ? refusals.tooLarge(maxBytes) : refusals.malformed(`the bytes are no ${compression.name}`, error);
  }
}
