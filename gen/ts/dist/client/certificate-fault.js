import { Code, ConnectError } from "@connectrpc/connect";
import { CairnError } from "./cairn-error.js";
/** What OpenSSL and Node call a certificate that they do not accept: unknown authority, expired, another name, and the rest. */
const NOT_ACCEPTED = /^((DEPTH_ZERO_)?SELF_SIGNED_CERT|CERT_|UNABLE_TO_|ERROR_IN_CERT_|CRL_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/;
const ADVICE = "check the address and the certificate, or name its authority with the option ca";
/** The server showed a certificate that this client does not accept. It will show it again: the call is not repeated. */
export class CertificateFault extends CairnError {
    constructor(why, cause) {
        const message = `the server's certificate is not trusted: ${why}; ${ADVICE}`;
        super(new ConnectError(message, Code.Unavailable, undefined, undefined, cause));
    }
}
/** Whether an error of Node's speaks of a certificate. In a browser fetch does not say. */
export function isOfCertificate(cause) {
    return typeof cause.code === "string" && NOT_ACCEPTED.test(cause.code);
}
