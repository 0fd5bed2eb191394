import type { OutgoingHttpHeaders } from "node:http";
import { create, type JsonValue, toJson } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import type { Exchange } from "./exchange.ts";
import { grpcStatus } from "./grpc-status.ts";
import { nodeHeaders } from "./universal-response.ts";

const encoder = new TextEncoder();

/** The gRPC status name of a code, such as NOT_FOUND. */
export function statusName(code: Code): string {
  // gRPC spells CANCELLED with two l, Connect with one.
  return code === Code.Canceled ? "CANCELLED" : codeToString(code).toUpperCase();
}

/** The body of an error that is no RPC's: `{"error":{"code","message","details"}}`. */
export function errorBody(error: ConnectError): Uint8Array {
  const details = error.details.map((detail): JsonValue => {
    if (!("desc" in detail)) {
      return { "@type": `type.googleapis.com/${detail.type}` };
    }
    const json = toJson(detail.desc, create(detail.desc, detail.value), { alwaysEmitImplicit: true }) as Record<
      string,
      JsonValue
    >;
    return { "@type": `type.googleapis.com/${detail.desc.typeName}`, ...json };
  });
  return encoder.encode(
    JSON.stringify({ error: { code: statusName(error.code), message: error.rawMessage, details } }),
  );
}

/** With its charset: a bare application/json with an error status announces an error of Connect's own form, which this is not. */
export const CONTENT_TYPE = "application/json; charset=utf-8";

/** Answers an exchange that is no RPC with an error. */
export function answerError(
  exchange: Exchange,
  status: number,
  error: ConnectError,
  headers: OutgoingHttpHeaders = {},
): void {
  exchange.answer(status, { "content-type": CONTENT_TYPE, ...headers }, errorBody(error));
}

/** True of gRPC and gRPC-Web in all their codecs. */
export function isGrpc(contentType: string | undefined): boolean {
  return contentType?.startsWith("application/grpc") ?? false;
}

/**
 * Answers a gRPC or gRPC-Web call with an error alone: a header block and nothing else. An empty DATA frame after it would
 * read as UNKNOWN in some clients.
 */
export function answerGrpcError(exchange: Exchange, error: ConnectError): void {
  const web = exchange.headers["content-type"]?.startsWith("application/grpc-web");
  const status = nodeHeaders(grpcStatus(error));
  exchange.answer(200, { "content-type": web ? "application/grpc-web+proto" : "application/grpc", ...status });
}
