import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import type { Settings } from "./settings.ts";

const CREATE = new Map<string, typeof createConnectTransport>([
  ["connect", createConnectTransport],
  ["grpc-web", createGrpcWebTransport],
]);

/** Browsers, and runtimes that have fetch alone: the two protocols that fetch can speak. */
export function openTransport({ url, protocol, json, ca }: Settings): { transport: Transport; close: () => void } {
  const createTransport = CREATE.get(protocol);
  if (createTransport === undefined) throw new TypeError(`protocol has to be one of ${[...CREATE.keys()].join(", ")}`);
  if (ca !== undefined) throw new TypeError("ca is the browser's own affair");
  return { transport: createTransport({ baseUrl: url, useBinaryFormat: !json }), close: () => {} };
}
