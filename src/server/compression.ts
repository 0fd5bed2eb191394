import type { Compression } from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import type { Rejections } from "./rejection.ts";

const known: ReadonlyMap<string, Compression> = new Map(
  [compressionGzip, compressionBrotli].map((compression) => [compression.name, compression]),
);

/** True of an encoding header that names nothing, `identity`, gzip or br. */
export function knowsEncoding(encoding: string | undefined): boolean {
  return encoding === undefined || encoding === "identity" || known.has(encoding);
}

/** Decompresses to at most `maxBytes`, however much the bytes would become. `encoding` is one that `knowsEncoding`. */
export async function inflate(
  encoding: string,
  bytes: Uint8Array,
  maxBytes: number,
  rejections: Rejections,
): Promise<Uint8Array> {
  try {
    return await known.get(encoding)!.decompress(bytes as Uint8Array<ArrayBuffer>, maxBytes);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const tooLarge = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw tooLarge ? rejections.tooLarge(maxBytes) : rejections.malformed(`the message is no ${encoding}`, error);
  }
}

/** The first encoding of an accept header that we can write; undefined: none. */
export function acceptedCompression(accept: string | string[] | undefined): Compression | undefined {
  if (accept === undefined) {
    return undefined;
  }
  for (const name of String(accept).split(",")) {
    const compression = known.get(name.trim());
    if (compression) {
      return compression;
    }
  }
  return undefined;
}
