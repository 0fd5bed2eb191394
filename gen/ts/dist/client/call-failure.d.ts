import { CairnError } from "./cairn-error.js";
/**
 * What a call to `url` failed with. Connect gives a lost connection many codes (aborted, canceled, internal, unknown): it is UNAVAILABLE here,
 * as is a certificate that is not trusted, and only the caller's signal cancels.
 */
export declare function callFailure(thrown: unknown, signal: AbortSignal, url: string): CairnError;
/** The failure of a call that its signal ended; one that ended by AbortSignal.timeout ran out of time. */
export declare function abandonment(reason: unknown): CairnError;
