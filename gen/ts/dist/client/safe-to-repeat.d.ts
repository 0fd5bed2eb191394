import { type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { CairnError } from "./cairn-error.js";
/** What of a method decides. */
interface Method<I extends DescMessage> {
    readonly input: I;
    readonly idempotency?: MethodOptions_IdempotencyLevel;
}
/**
 * The message to send as often as need be, or null where the call may not be repeated. Reads are safe, and writes that carry a
 * request_id, which is made here where the caller gave none.
 */
export declare function repeatable<I extends DescMessage>(method: Method<I>, input: MessageInitShape<I>): MessageShape<I> | null;
/** True for failures after which the same call may well succeed; where its first attempt still runs, it gets that one's answer. */
export declare function isTransient(error: CairnError): boolean;
export {};
