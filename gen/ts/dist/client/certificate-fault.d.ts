import { CairnError } from "./cairn-error.js";
/** The server showed a certificate that this client does not accept. It will show it again: the call is not repeated. */
export declare class CertificateFault extends CairnError {
    constructor(why: string, cause: unknown);
}
/** Whether an error of Node's speaks of a certificate. In a browser fetch does not say. */
export declare function isOfCertificate(cause: Error & {
    readonly code?: unknown;
}): boolean;
