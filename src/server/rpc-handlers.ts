import {
  type ConnectError,
  type ConnectRouter,
  type ConnectRouterOptions,
  type ContextKey,
  createConnectRouter,
  createContextKey,
} from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import type { Limits } from "./limits.ts";
import type { ListenerOptions } from "./listener-options.ts";
import { MessageCodec } from "./message-codec.ts";
import type { Rejections } from "./rejection.ts";
import { guardCalls } from "./stream-guard.ts";

/** Why a call is refused by its headers: Connect's handlers answer it in the manner of their protocol, and read no body. */
export const kRefusal: ContextKey<ConnectError | undefined> = createContextKey<ConnectError | undefined>(undefined, {
  description: "rejection",
});

/** One RPC as the listener serves it. */
export interface RpcHandler {
  readonly handle: UniversalHandler;
  /** Bytes of one request message. */
  readonly readMaxBytes: number;
  readonly codec: MessageCodec;
  /** Whether the transport of the fast path reaches it. */
  readonly fast: boolean;
  /** Whether it needs no credentials. */
  readonly open: boolean;
}

type RpcOptions = Pick<ListenerOptions, "interceptors" | "json" | "jsonFault" | "unary">;

/** Builds Connect's handlers of all RPCs that `routes` mounts, each with its own limits, by request path. */
export function rpcHandlers(
  routes: (router: ConnectRouter) => void,
  options: RpcOptions,
  limits: Limits,
  rejections: Rejections,
  open = false,
): Map<string, RpcHandler> {
  const handlers = new Map<string, RpcHandler>();
  const readMaxBytesOf = (method: UniversalHandler["method"]) =>
    limits.readMaxBytesOf[`${method.parent.typeName}/${method.name}`] ?? limits.readMaxBytes;
  for (const readMaxBytes of new Set([limits.readMaxBytes, ...Object.values(limits.readMaxBytesOf)])) {
    const router = createConnectRouter(routerOptions(options, limits, rejections, readMaxBytes));
    routes(router);
    for (const handle of router.handlers) {
      if (readMaxBytesOf(handle.method) === readMaxBytes) {
        const fast = options.unary !== undefined && handle.method.methodKind === "unary";
        const codec = new MessageCodec(handle.method, options, rejections);
        handlers.set(handle.requestPath, { handle, readMaxBytes, codec, fast, open });
      }
    }
  }
  return handlers;
}

function routerOptions(
  options: RpcOptions,
  limits: Limits,
  rejections: Rejections,
  readMaxBytes: number,
): ConnectRouterOptions {
  return {
    readMaxBytes,
    compressMinBytes: limits.compressMinBytes,
    acceptCompression: [compressionGzip, compressionBrotli],
    requestGate: ({ values }) => {
      const rejection = values.get(kRefusal);
      if (rejection !== undefined) {
        throw rejection;
      }
    },
    interceptors: [guardCalls(rejections), ...(options.interceptors ?? [])],
    // Connect's own decoder replaces invalid UTF-8 without a word.
    jsonOptions: {
      textDecoder: new TextDecoder("utf-8", { fatal: true }),
      ...options.json,
    } as ConnectRouterOptions["jsonOptions"] & object,
  };
}
