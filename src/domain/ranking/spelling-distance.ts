/**
 * How many letters must be put in, left out, changed, or exchanged with their neighbour to make one word of the other; `most` + 1
 * where it is more than `most`. Only what may be within it is worked out.
 */
export function spellingDistance(a: string, b: string, most: number): number {
  const [from, to] = [[...a], [...b]];
  const beyond = most + 1;
  if (Math.abs(from.length - to.length) > most) return beyond;
  // Of each row the places up to `most` from the diagonal, with one more at either end: what is further takes more letters.
  const width = 2 * most + 3;
  let before = new Array<number>(width).fill(beyond);
  let last = before.map((_, k) => (k > most && k < width - 1 ? k - most - 1 : beyond));
  for (let i = 1; i <= from.length; i++) {
    const row = new Array<number>(width).fill(beyond);
    let best = beyond;
    for (let k = 1; k < width - 1; k++) {
      const j = i + k - most - 1;
      if (j < 0 || j > to.length) continue;
      const same = from[i - 1] === to[j - 1];
      let least = j === 0 ? i : Math.min(last[k + 1]! + 1, row[k - 1]! + 1, last[k]! + (same ? 0 : 1));
      const exchanged = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (exchanged) least = Math.min(least, before[k]! + 1);
      row[k] = Math.min(least, beyond);
      best = Math.min(best, least);
    }
    // An exchange goes on from the row before.
    if (best > most && Math.min(...last) > most) return beyond;
    before = last;
    last = row;
  }
  return last[to.length - from.length + most + 1]!;
}
