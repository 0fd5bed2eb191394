import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createGrpcJsTransport } from "./grpc-js-transport.ts";
import type { ServedApp } from "./served-app.ts";

type Reachable = Pick<ServedApp, "url" | "port">;

/** Every way to call an RPC over the network, by name. */
export const wires = {
  "gRPC by @grpc/grpc-js": (app: Reachable) => createGrpcJsTransport(app.port),
  "gRPC by connect-node": (app: Reachable) => createGrpcTransport({ baseUrl: app.url }),
  "gRPC in JSON": (app: Reachable) => createGrpcTransport({ baseUrl: app.url, useBinaryFormat: false }),
  "gRPC-Web over HTTP/1.1": (app: Reachable) => createGrpcWebTransport({ baseUrl: app.url, httpVersion: "1.1" }),
  "gRPC-Web over HTTP/2": (app: Reachable) => createGrpcWebTransport({ baseUrl: app.url, httpVersion: "2" }),
  "Connect over HTTP/1.1": (app: Reachable) =>
    createConnectTransport({ baseUrl: app.url, httpVersion: "1.1", useBinaryFormat: true }),
  "Connect over HTTP/1.1 in JSON": (app: Reachable) =>
    createConnectTransport({ baseUrl: app.url, httpVersion: "1.1", useBinaryFormat: false }),
  "Connect over HTTP/2": (app: Reachable) =>
    createConnectTransport({ baseUrl: app.url, httpVersion: "2", useBinaryFormat: true }),
  "Connect over HTTP/2 in JSON": (app: Reachable) =>
    createConnectTransport({ baseUrl: app.url, httpVersion: "2", useBinaryFormat: false }),
} as const satisfies Record<string, (app: Reachable) => Transport>;

export type WireName = keyof typeof wires;

const transports = new WeakMap<Reachable, Map<WireName, Transport>>();

/** Who calls: a key, and the agent that it narrows itself to. */
export interface Credentials {
  /** Undefined: no Authorization header. */
  readonly key?: string | undefined;
  /** The `cairn-agent` header: UUID or handle. */
  readonly agent?: string;
}

/** A client of a service that sends these credentials. One connection serves all clients of one app and wire. */
export function clientOf<S extends DescService>(
  service: S,
  app: Reachable,
  credentials: Credentials,
  wire: WireName = "gRPC by connect-node",
): Client<S> {
  const known = transports.get(app) ?? new Map<WireName, Transport>();
  transports.set(app, known);
  const transport = known.get(wire) ?? wires[wire](app);
  known.set(wire, transport);
  return createClient(service, withHeaders(transport, headersOf(credentials)));
}

export function headersOf({ key, agent }: Credentials): Record<string, string> {
  return {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(agent === undefined ? {} : { "cairn-agent": agent }),
  };
}

function withHeaders(transport: Transport, headers: Record<string, string>): Transport {
  const add = (given: HeadersInit | undefined) => ({ ...headers, ...Object.fromEntries(new Headers(given)) });
  return {
    unary: (method, signal, timeoutMs, header, input, values) =>
      transport.unary(method, signal, timeoutMs, add(header), input, values),
    stream: (method, signal, timeoutMs, header, input, values) =>
      transport.stream(method, signal, timeoutMs, add(header), input, values),
  };
}
