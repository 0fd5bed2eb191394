import { invalidField } from "../failure.ts";
import type { ParsedQuery } from "./parse-query.ts";
import { termsWithPunctuation } from "./terms-with-punctuation.ts";

/** Phrases, exclusions and terms with punctuation inside phrases that a query may have together: each costs a look at every memory's text. */
const MOST_CONDITIONS = 16;

/** Throws INVALID_FIELD for `query` where it sets more conditions than that; equal ones count once. */
export function checkConditions({ phrases, excluded }: ParsedQuery): void {
  const names = new Set(phrases.flatMap((phrase) => termsWithPunctuation(phrase)));
  const count = new Set(phrases).size + new Set(excluded).size + names.size;
  if (count > MOST_CONDITIONS) {
    throw invalidField(
      "query",
      `has ${count} phrases, exclusions and terms with punctuation inside phrases; at most ${MOST_CONDITIONS} are looked at together`,
    );
  }
}
