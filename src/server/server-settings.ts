import type { ServerOptions as Http1Options } from "node:http";
import type { ServerOptions as Http2Options } from "node:http2";
import type { Limits } from "./limits.ts";

/** Bytes in flight on one HTTP/2 connection: Node's 10 MB refuse streams that together upload ten messages of a megabyte. */
const SESSION_MEMORY_MB = 128;

export function http1Options(limits: Limits): Http1Options {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: Math.max(limits.requestTimeoutMs, limits.headersTimeoutMs),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    maxHeaderSize: limits.maxHeaderBytes,
  };
}

export function http2Options(limits: Limits): Http2Options {
  return {
    settings: { maxConcurrentStreams: limits.maxConcurrentStreams, maxHeaderListSize: limits.maxHeaderBytes },
    maxSessionMemory: SESSION_MEMORY_MB,
    maxSessionInvalidFrames: 20,
    streamResetBurst: limits.streamResetBurst,
    streamResetRate: limits.streamResetRate,
  };
}
