import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalServerRequest } from "@connectrpc/connect/protocol";
import { malformed, Rejection, refuse } from "./failure.ts";

const gunzipBytes = promisify(gunzip);

/**
 * Reads a JSON request body of at most `limit` bytes, before and after decompression. No body gives no bytes. Refuses other
 * media types and encodings than JSON and gzip (415) where there is a body; an absent Content-Type is taken as JSON.
 */
export async function readBody(request: UniversalServerRequest, limit: number): Promise<Uint8Array> {
  const { header } = request;
  if (Number(header.get("content-length")) > limit) {
    throw tooLarge(limit);
  }
  let gzipped = false;
  const bytes = await readAll(request, limit, () => {
    checkMediaType(header.get("content-type"));
    gzipped = isGzipped(header.get("content-encoding"));
  });
  if (!gzipped) {
    return bytes;
  }
  try {
    return await gunzipBytes(bytes, { maxOutputLength: limit });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge(limit);
    }
    throw malformed("", "is not valid gzip", cause);
  }
}

function checkMediaType(contentType: string | null): void {
  const [type = "", ...parameters] = (contentType ?? "").split(";").map((part) => part.trim().toLowerCase());
  const json = type === "" || /^application\/(json|[a-z0-9.-]+\+json)$/.test(type);
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (!json || (charset !== undefined && !/^"?utf-?8"?$/.test(charset))) {
    throw refuse(Code.InvalidArgument, "MALFORMED_REQUEST", "content-type: must be application/json", {
      status: 415,
      metadata: { field: "content-type" },
      header: { accept: "application/json" },
    });
  }
}

function isGzipped(encoding: string | null): boolean {
  const name = encoding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") {
    return false;
  }
  if (name === "gzip" || name === "x-gzip") {
    return true;
  }
  throw refuse(Code.InvalidArgument, "MALFORMED_REQUEST", "content-encoding: must be gzip or identity", {
    status: 415,
    metadata: { field: "content-encoding" },
    header: { "accept-encoding": "gzip" },
  });
}

/** Reads a byte stream whole; `onBody` hears of its first byte and may refuse it. */
async function readAll(request: UniversalServerRequest, limit: number, onBody: () => void): Promise<Uint8Array> {
  const { body, signal } = request;
  if (typeof body !== "object" || body === null || !(Symbol.asyncIterator in body)) {
    throw new TypeError("the gateway reads bodies as byte streams");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      if (size === 0 && chunk.byteLength > 0) {
        onBody();
      }
      size += chunk.byteLength;
      if (size > limit) {
        throw tooLarge(limit);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw signal.aborted && !(error instanceof ConnectError || error instanceof Rejection)
      ? refuse(Code.Canceled, "CANCELLED", "the caller went away", { cause: error })
      : error;
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

function tooLarge(limit: number): Error {
  return refuse(Code.ResourceExhausted, "REQUEST_TOO_LARGE", `body: is larger than ${limit} bytes`, {
    metadata: { field: "body", limit_bytes: String(limit) },
  });
}
