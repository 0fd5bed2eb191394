/**
 * A controller that any of the signals aborts too, with its reason. Once it is aborted it holds on to none of them: abort it when the work is
 * done. AbortSignal.any does the same, but old Nodes leak with signals that live long, such as a client's own.
 */
export declare function linkedController(...signals: readonly (AbortSignal | undefined)[]): AbortController;
