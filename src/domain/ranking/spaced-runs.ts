/** Longer than any word, identifier or name that is looked for. */
const LONGEST_RUN = 250;
const LONG_RUNS = new RegExp(String.raw`\S{${LONGEST_RUN}}(?=\S)`, "gu");

/** A text with a space after every 250 characters that have none: Postgres's parser takes squared time for a long run of signs. */
export function spacedRuns(text: string): string {
  return text.replaceAll(LONG_RUNS, "$& ");
}
