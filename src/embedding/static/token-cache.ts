/** Code units and ids together, so about as many bytes again and a few more. */
const MOST_REMEMBERED = 2_000_000;

/**
 * `tokensOf`, which must always answer the same for the same text, with its latest answers remembered, some 10 MB of them at
 * most: the same memories come up for many queries, and telling their tokens is most of what ranking them costs.
 */
export function cachingTokens(tokensOf: (text: string) => readonly number[]): (text: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  let size = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const tokens = tokensOf(text);
    size += text.length + tokens.length;
    // Emptied as a whole: what is asked for often is back at once, and no bookkeeping is paid a text.
    if (size > MOST_REMEMBERED) {
      known.clear();
      size = text.length + tokens.length;
    }
    known.set(text, tokens);
    return tokens;
  };
}
