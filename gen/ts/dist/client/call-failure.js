import { Code, ConnectError } from "@connectrpc/connect";
import { CairnError } from "./cairn-error.js";
import { CertificateFault, isOfCertificate } from "./certificate-fault.js";
/** What Node and OpenSSL call a network, a connection or a stream that is gone, or never was. */
const LOST = /^(ECONN(RESET|REFUSED|ABORTED)|E(HOST|NET)(UNREACH|DOWN)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPROTO|ERR_STREAM_(DESTROYED|PREMATURE_CLOSE)|ERR_SSL_\w+|ERR_HTTP2_(STREAM_ERROR|INVALID_STREAM|INVALID_SESSION|GOAWAY_SESSION|STREAM_CANCEL|SESSION_ERROR))$/;
/** What Connect says of an answer that ends before it is whole. */
const CUT_SHORT = /^(protocol error: )?(missing (EndStreamResponse|status|trailer)|incomplete envelope|promised \d+ bytes)/;
/**
 * What a call to `url` failed with. Connect gives a lost connection many codes (aborted, canceled, internal, unknown): it is UNAVAILABLE here,
 * as is a certificate that is not trusted, and only the caller's signal cancels.
 */
export function callFailure(thrown, signal, url) {
    const error = CairnError.from(thrown);
    if (error.reason !== undefined || error.callId !== undefined || error.details.length > 0)
        return error;
    if (signal.aborted && error.code !== Code.DeadlineExceeded)
        return abandonment(signal.reason);
    const untrusted = causesOf(error).find(isOfCertificate);
    if (untrusted !== undefined)
        return new CertificateFault(untrusted.message, error.cause);
    if (!isLost(error))
        return error;
    const why = error.rawMessage || causesOf(error).map((cause) => cause.code ?? cause.name)[0] || "no answer";
    return new CairnError(new ConnectError(`no answer from ${url}: ${why}`, Code.Unavailable, undefined, undefined, error.cause));
}
/** The failure of a call that its signal ended; one that ended by AbortSignal.timeout ran out of time. */
export function abandonment(reason) {
    if (reason instanceof CairnError)
        return reason;
    const isTimeout = reason instanceof Error && reason.name === "TimeoutError";
    const message = reason instanceof Error ? reason.message : String(reason);
    const code = isTimeout ? Code.DeadlineExceeded : Code.Canceled;
    return new CairnError(new ConnectError(message, code, undefined, undefined, reason));
}
function isLost(error) {
    if (error.code === Code.Canceled || error.code === Code.Aborted || CUT_SHORT.test(error.rawMessage))
        return true;
    // Of fetch a TypeError is all that one hears.
    return causesOf(error).some((cause) => LOST.test(String(cause.code)) || (error.code === Code.Unknown && cause instanceof TypeError));
}
function causesOf(error) {
    const causes = [];
    for (let cause = error.cause; cause instanceof Error && !causes.includes(cause); cause = cause.cause)
        causes.push(cause);
    return causes;
}
