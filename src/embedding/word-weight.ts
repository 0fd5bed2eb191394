/** English words that say little of what a text is about. */
const FUNCTION_WORDS = new Set(
  `a about after also am an and any are as at be been before being but by can could d did didn do does doesn doing don done
  for from had has have having he her here hers him his how i if in into is isn it its just ll m may me might mine must my no
  nor not of on only or our ours over own re s same shall she should so some such t than that the their theirs them then there
  these they this those to too us ve very was wasn we were what when where which who whom whose why will with would you your
  yours`.split(/\s+/),
);

const FUNCTION_WORD_WEIGHT = 0.15;

/** How much a lower-cased word counts in a text's vector, without any collection to learn it from. */
export function weightOfWord(word: string): number {
  return FUNCTION_WORDS.has(word) ? FUNCTION_WORD_WEIGHT : 1;
}
