import type { JsonValue } from "@bufbuild/protobuf";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { type Failure, renderFailure } from "./failure.ts";
import { addAnswered } from "./headers.ts";

const encoder = new TextEncoder();
const NO_CONTENT = 204;

/** Answers one JSON value, with the headers that an RPC answered; 204 has no body to put it in. */
export function jsonResponse(
  status: number,
  json: JsonValue,
  ...answered: readonly Headers[]
): UniversalServerResponse {
  if (status === NO_CONTENT) {
    return { status, header: addAnswered(new Headers(), ...answered) };
  }
  const bytes = encoder.encode(JSON.stringify(json));
  const header = addAnswered(new Headers({ "content-type": "application/json" }), ...answered);
  header.set("content-length", String(bytes.byteLength));
  return { status, header, body: once(bytes) };
}

/** Answers a failure, with the body that `render` makes of it; a caller without valid credentials learns the scheme. */
export function errorResponse(
  failure: Failure,
  render: (failure: Failure) => JsonValue = renderFailure,
): UniversalServerResponse {
  const response = jsonResponse(failure.status, render(failure), failure.header);
  if (failure.status === 401) {
    response.header!.set("www-authenticate", "Bearer");
  }
  return response;
}

/** The answer to HEAD: the same status and headers, and nothing else. */
export function withoutBody({ body, ...rest }: UniversalServerResponse): UniversalServerResponse {
  // A stream has to be told that nobody reads it.
  void body?.[Symbol.asyncIterator]().return?.();
  return rest;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
