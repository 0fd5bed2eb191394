import { clone, create, isMessage, } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { CertificateFault } from "./certificate-fault.js";
/**
 * The message to send as often as need be, or null where the call may not be repeated. Reads are safe, and writes that carry a
 * request_id, which is made here where the caller gave none.
 */
export function repeatable(method, input) {
    const message = isMessage(input, method.input) ? input : create(method.input, input);
    if (method.idempotency !== undefined && method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN) {
        return message;
    }
    const field = method.input.fields.find((one) => one.name === "request_id");
    if (field === undefined)
        return null;
    if (message[field.localName])
        return message;
    const named = clone(method.input, message);
    named[field.localName] = randomUuid();
    return named;
}
/** True for failures after which the same call may well succeed; where its first attempt still runs, it gets that one's answer. */
export function isTransient(error) {
    const { code, reason } = error;
    return ((code === Code.Unavailable && !(error instanceof CertificateFault)) ||
        (code === Code.ResourceExhausted && reason === "OVERLOADED") ||
        (code === Code.Aborted && reason === "REQUEST_IN_FLIGHT"));
}
/** `crypto.randomUUID` is missing on pages that are not served over https. */
function randomUuid() {
    const { randomUUID } = crypto;
    if (randomUUID !== undefined)
        return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = Array.from(bytes, (byte, at) => {
        const marked = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
        return marked.toString(16).padStart(2, "0");
    }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
