import { type Transport } from "@connectrpc/connect";
import type { Settings } from "./settings.js";
/** What of the settings decides over a call. */
type Rules = Pick<Settings, "url" | "headers" | "timeoutMs" | "attempts">;
/**
 * A transport that sends the client's headers, gives unary calls a deadline, repeats what is safe to repeat within it, and throws
 * CairnErrors. A stream is repeated only before its first message, and its signal has to be aborted when it is done. Every call ends with
 * the signal `closed`.
 */
export declare function reliableTransport(inner: Transport, rules: Rules, closed: AbortSignal): Transport;
export {};
