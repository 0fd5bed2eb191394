import type { DescMessage, JsonReadOptions, JsonValue, JsonWriteOptions } from "@bufbuild/protobuf";
import type { ConnectRouter, Interceptor, Transport } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import type { Admissions } from "./callers.ts";
import type { Limits } from "./limits.ts";
import type { Logger } from "./logger.ts";

/** A response that never changes. */
export interface Page {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** Key and certificate in PEM; with `clientCa` every client must show a certificate that it signed. */
export interface TlsOptions {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  readonly clientCa?: string | Buffer;
}

export interface ListenerOptions {
  /** Default: all interfaces. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port: number;
  /** Without it the port speaks HTTP/1.1 and h2c in clear text. */
  readonly tls?: TlsOptions;
  /** Mounts the RPCs; called once for each distinct limit of message size. */
  readonly routes: (router: ConnectRouter) => void;
  /**
   * Finds out, from the headers alone, who calls an RPC that `routes` mounts; the body of whom it refuses is not read. Default:
   * everybody may send.
   */
  readonly admissions?: Admissions;
  /** Of the RPCs that `routes` mounts, outermost first; health and reflection have none. Default none. */
  readonly interceptors?: readonly Interceptor[];
  /** Calls the same RPCs through the same interceptors in process: the fast path of unary calls. Default: they have none. */
  readonly unary?: Transport;
  /**
   * Serves what is no RPC; null: no route of its own. The body is as sent, bounded by the largest message limit. It is read of a
   * caller who is known, and of no other: until then the request counts among those of strangers.
   */
  readonly rest?: (request: UniversalServerRequest) => Promise<UniversalServerResponse | null>;
  /** Static responses to GET and HEAD, by path. Default none. */
  readonly pages?: ReadonlyMap<string, Page>;
  /** Prometheus text of /metrics. Default: no such page. */
  readonly metrics?: () => Promise<string>;
  /** Whether the process can serve: /readyz and grpc.health.v1 say it. False while it shuts down. Default: always. */
  readonly ready?: () => Promise<boolean>;
  /** Renders the answer to an unknown path. Default: 404 with the error body of the REST interface. */
  readonly notFound?: (request: { readonly method: string; readonly path: string }) => UniversalServerResponse;
  /** Origins whose pages may call, or `*`. Default none. */
  readonly corsOrigins?: readonly string[];
  /** Domain of the google.rpc.ErrorInfo of the listener's own errors. Default: they carry none. */
  readonly errorDomain?: string;
  /** JSON codec of Connect and gRPC-Web. Default: Connect's own, which ignores unknown fields. */
  readonly json?: Partial<JsonReadOptions & JsonWriteOptions>;
  /** Finds the field of a unary request that its JSON does not fit; null: none by itself. Default: the decoder's own words. */
  readonly jsonFault?: (
    message: DescMessage,
    json: JsonValue,
    ignoreUnknownFields: boolean,
  ) => { field: string; problem: string } | null;
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<Limits>;
  readonly logger: Logger;
}
