import type { TokenModel } from "../ports/token-model.ts";
import { resemblance, type WordBag, wordBagOf } from "./resemblance.ts";

/** Words in common, by weight, of texts that count as saying the same. */
const NEARLY_THE_SAME = 0.8;
/** Words that turn a statement over, in whose company nothing else need differ. */
const TURNS = new Set(["not", "no", "never", "nor", "without", "longer", "t", "cannot", "stopped", "instead"]);

interface Text {
  readonly id: string;
  readonly text: string;
}

/**
 * Keeps the first of texts that say nearly the same, in order, with the ids of the others. Texts with different numbers, or a
 * negation on one side alone, never count as the same, however much else they share.
 */
export function collapseDuplicates<T extends Text>(
  ranked: readonly T[],
  tokens: Pick<TokenModel, "weightOf"> | null,
): readonly { readonly kept: T; readonly duplicateIds: readonly string[] }[] {
  const groups: { kept: T; bag: WordBag; duplicateIds: string[] }[] = [];
  for (const one of ranked) {
    const bag = wordBagOf(one.text, tokens);
    const twin = groups.find((group) => saysTheSame(group.bag, bag));
    if (twin) twin.duplicateIds.push(one.id);
    else groups.push({ kept: one, bag, duplicateIds: [] });
  }
  return groups;
}

function saysTheSame(a: WordBag, b: WordBag): boolean {
  if (resemblance(a, b) < NEARLY_THE_SAME) return false;
  return (
    [...a.keys()].every((word) => b.has(word) || mayDiffer(word)) &&
    [...b.keys()].every((word) => a.has(word) || mayDiffer(word))
  );
}

function mayDiffer(word: string): boolean {
  return !TURNS.has(word) && !/\p{N}/u.test(word);
}
