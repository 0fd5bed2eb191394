import { isRetryable, translateFailure } from "./sql-failure.ts";

const ATTEMPTS = 8;

/** Runs a transaction again where it lost a race; what fails for good comes as a DomainError where it is known. */
export async function withRetry<T>(
  transaction: () => Promise<T>,
  shortage: () => string | null = () => null,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (!isRetryable(error) || attempt === ATTEMPTS) {
        throw translateFailure(error, shortage());
      }
    }
  }
}
