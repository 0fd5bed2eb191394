/** All items of a stream, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

/** Asks every 20 ms until the answer is not undefined; throws after `withinMs`, naming what was waited for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 60_000,
) {
  for (const began = Date.now(); Date.now() - began < withinMs; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}
