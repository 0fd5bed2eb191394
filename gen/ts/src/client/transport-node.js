import { createConnectTransport, createGrpcTransport, createGrpcWebTransport, Http2SessionManager } from "@connectrpc/connect-node";

const CREATE = { connect: createConnectTransport, grpc: createGrpcTransport, "grpc-web": createGrpcWebTransport };

/** Node: all three protocols, over one HTTP/2 connection that reopens by itself. */
export function openTransport({ url, protocol, json, ca }) {
  const createTransport = CREATE[protocol];
  if (createTransport === undefined) throw new TypeError(`protocol has to be one of ${Object.keys(CREATE).join(", ")}`);
  const sessionManager = new Http2SessionManager(url, {}, ca === undefined ? {} : { ca });
  const transport = createTransport({ baseUrl: url, httpVersion: "2", useBinaryFormat: !json, sessionManager });
  return { transport, close: () => sessionManager.abort() };
}
