import type { Transport } from "@connectrpc/connect";
import type { Settings } from "./settings.js";
/** Browsers, and runtimes that have fetch alone: the two protocols that fetch can speak. */
export declare function openTransport({ url, protocol, json, ca }: Settings): {
    transport: Transport;
    close: () => void;
};
