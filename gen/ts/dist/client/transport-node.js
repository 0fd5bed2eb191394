import { X509Certificate } from "node:crypto";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { SessionManager } from "./session-manager.js";
const CREATE = { connect: createConnectTransport, grpc: createGrpcTransport, "grpc-web": createGrpcWebTransport };
/** Finds a connection dead that went without a word, such as in a sleeping machine; nothing else would before the deadline. */
const KEEP_ALIVE = { pingIntervalMs: 20_000, pingTimeoutMs: 5000 };
/** Node: all three protocols, over one HTTP/2 connection that reopens by itself. */
export function openTransport({ url, protocol, json, ca }) {
    const createTransport = Object.hasOwn(CREATE, protocol) ? CREATE[protocol] : undefined;
    if (createTransport === undefined)
        throw new TypeError(`protocol has to be one of ${Object.keys(CREATE).join(", ")}`);
    const certificates = ca === undefined ? {} : { ca: checkedCertificates(ca) };
    const sessionManager = new SessionManager(url, KEEP_ALIVE, certificates);
    const transport = createTransport({ baseUrl: url, httpVersion: "2", useBinaryFormat: !json, sessionManager });
    return { transport, close: () => sessionManager.abort() };
}
function checkedCertificates(ca) {
    const pem = typeof ca === "string" ? ca : Buffer.from(ca);
    try {
        new X509Certificate(pem);
    }
    catch (error) {
        throw new TypeError(`ca holds no certificate in PEM: ${error.message}`);
    }
    return pem;
}
