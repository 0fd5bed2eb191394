import type { Transport } from "@connectrpc/connect";
import type { Settings } from "./settings.js";
/** Node: all three protocols, over one HTTP/2 connection that reopens by itself. */
export declare function openTransport({ url, protocol, json, ca }: Settings): {
    transport: Transport;
    close: () => void;
};
