/** What stands where a text was cut. */
export const CUT_MARK = " […]";

const MOST_CHARACTERS_A_TOKEN = 16;
/** How far back a cut looks for the end of a word. */
const WORD_REACH = 40;

/**
 * The longest beginning of a text, with a mark behind it, that costs no more than the budget; null where not one character fits.
 * Never cuts a surrogate pair, and cuts between words where one ends nearby.
 */
export async function cutToBudget(
  text: string,
  budget: number,
  costOf: (cut: string) => Promise<number>,
): Promise<string | null> {
  const fits = async (length: number) => (await costOf(cutAt(text, length))) <= budget;
  let most = Math.min(text.length - 1, budget * MOST_CHARACTERS_A_TOKEN);
  let least = 0;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (await fits(middle)) least = middle;
    else most = middle - 1;
  }
  // Costs rise with length, but for a token here and there: what is answered has been counted.
  while (least > 0 && !(cutAt(text, least) !== CUT_MARK && (await fits(least)))) least--;
  return least === 0 ? null : cutAt(text, least);
}

function cutAt(text: string, length: number): string {
  const head = text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
  const word = /\s\S*$/.exec(head.slice(-WORD_REACH));
  const atWord = word === null ? head : head.slice(0, head.length - word[0].length);
  return `${(atWord.trim() === "" ? head : atWord).trimEnd()}${CUT_MARK}`;
}
