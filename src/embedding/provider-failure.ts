/** One failed request to an embedding provider. The message holds no text, no key and no address. */
export class ProviderFailure extends Error {
  /** False where the same request would fail again. */
  readonly retriable: boolean;
  /** What the provider asked for, in milliseconds; null: nothing. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retriable: boolean, retryAfterMs: number | null = null, cause?: unknown) {
    super(message, { cause });
    this.name = "ProviderFailure";
    this.retriable = retriable;
    this.retryAfterMs = retryAfterMs;
  }
}
