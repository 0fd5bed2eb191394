import type { CairnOptions } from "./options.js";
/** The caller's options, checked and complete. */
export interface Settings {
    /** Without a slash at the end. */
    readonly url: string;
    readonly attempts: number;
    /** Of a unary call; Infinity: none. */
    readonly timeoutMs: number;
    readonly protocol: NonNullable<CairnOptions["protocol"]>;
    readonly json: boolean;
    readonly ca: CairnOptions["ca"];
    /** Sent with every call. */
    readonly headers: Readonly<Record<string, string>>;
}
/**
 * Completes the caller's options from CAIRN_URL and CAIRN_API_KEY and the defaults.
 *
 * @throws TypeError that names the option which is wrong, and never shows a key.
 */
export declare function settingsOf(options: CairnOptions): Settings;
