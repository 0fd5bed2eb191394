import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
const CREATE = new Map([
    ["connect", createConnectTransport],
    ["grpc-web", createGrpcWebTransport],
]);
/** Browsers, and runtimes that have fetch alone: the two protocols that fetch can speak. */
export function openTransport({ url, protocol, json, ca }) {
    const createTransport = CREATE.get(protocol);
    if (createTransport === undefined)
        throw new TypeError(`protocol has to be one of ${[...CREATE.keys()].join(", ")}`);
    if (ca !== undefined)
        throw new TypeError("ca is the browser's own affair");
    return { transport: createTransport({ baseUrl: url, useBinaryFormat: !json }), close: () => { } };
}
