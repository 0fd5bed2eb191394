export interface SecretSource {
  /** `prefix` and 43 characters of base62: 32 random bytes. */
  make(prefix: string): string;
  /** SHA-256 of the secret. */
  digest(secret: string): Uint8Array;
}
