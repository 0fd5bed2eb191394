import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnEngines } from "../app/engines.ts";
import { Finder } from "./finder.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { never, type SeedMemory } from "./seed.ts";

const MODES = ["hybrid", "lexical", "semantic"] as const;
const LONGEST = 10_000;

/** Words of no language, each another one. */
function words(count: number): string[] {
  const letter = (n: number) => String.fromCharCode(97 + (Math.floor(n) % 26));
  return Array.from({ length: count }, (_, i) => `${letter(i)}${letter(i / 26)}${letter(i / 676)}q`);
}

function longest(text: string): string {
  return text.repeat(Math.ceil(LONGEST / text.length)).slice(0, LONGEST);
}

const MANY_WORDS = words(1900).join(" ");

const QUERIES: Readonly<Record<string, string>> = {
  "stop words": "to be or not to be",
  punctuation: "?!.,;:()[]{}",
  emoji: "😀🎉👩‍👩‍👧",
  "a quote without its fellow": '"unbalanced llama',
  "quotes alone": '"""',
  "a dash": "-",
  dashes: "- - -- “”",
  "an exclusion alone": "-llama",
  "a phrase excluded alone": '-"llama walks"',
  "tsquery's signs": "a & b | !c <-> d:* ( ) \\ ' '' llama:A",
  "SQL's signs": "'; drop table memory; -- $1 $$ %_",
  "backslashes and a trailing one": "\\\\ \\' llama\\",
  "right to left": "שלום \u202e llama \u200f",
  Chinese: "我想吃饭",
  Japanese: "今日は",
  digits: "20017",
  "a digit": "7",
  "control characters": "\u0001\u0002 llama \u007f",
  "spaces of other kinds": "\u00a0llama\u3000",
  "letters beyond the basic plane": "𝒶𝒷 𝒶𝒷𝒸 𝒶𝒷𝒸𝒹",
  "marks on marks": "e\u0301".repeat(500),
  "misspelt words alone": "llamma plannner wallks berrlin alphaa betaa",
  "a letter, longest": longest("a"),
  "a digit, longest": longest("1"),
  "emoji, longest": longest("😀"),
  "many words": MANY_WORDS,
  "known words, longest": longest("the llama of the planner walks to Berlin and back "),
  "phrases, longest": longest('"a llama" '),
  "one phrase, longest": `"${longest("llama planner ").slice(2)}"`,
  "exclusions, longest": longest("-zebra "),
  "identifiers, longest": longest("a@b.c/d1 "),
  "signs, longest": longest("./"),
  "signs in quotes, longest": `"${longest("~/").slice(2)}"`,
  "signs excluded, longest": `llama -"${longest("./").slice(9)}"`,
  "a name of signs, longest": `${longest("-=").slice(1)}x`,
  "terms with punctuation": "C++ .NET $1 \\$& {#(a+)*} [[:alpha:]]% ^.+$x ~'@b' a\\'%",
  "terms with punctuation, longest": longest("C++ $HOME AT&T #1 50% "),
};

describeOnEngines("queries that nobody would write", (engine) => {
  let database: Database;
  let finder: Finder;

  beforeAll(async () => {
    database = await openDatabase(engine);
    const some = Array.from({ length: 150 }, (_, i) => ({
      content: `Note ${i}: the llama of planner ${i} walks to Berlin, 今日は, שלום, INV-${20_000 + i}. ${"alpha beta ".repeat(i % 40)}`,
      sourceId: `s${i % 7}`,
    }));
    finder = await Finder.over(database.storage, [...some, { content: MANY_WORDS }]);
  });
  afterAll(() => database.close());

  it.each(Object.entries(QUERIES))("answers %s, the same each time, by finite scores", async (_, query) => {
    for (const mode of MODES) {
      const { ids, results, summary } = await finder.find(query, { mode, limit: 100 });
      expect(new Set(ids).size, mode).toBe(ids.length);
      expect(summary.truncated, mode).toBe(false);
      for (const { score, signals } of results) {
        expect(Number.isFinite(score), mode).toBe(true);
        for (const share of [signals.lexical, signals.exact, signals.previous]) {
          expect(share ?? 0, mode).toBeGreaterThanOrEqual(0);
          expect(share ?? 0, mode).toBeLessThanOrEqual(1 + 1e-9);
        }
      }
      expect((await finder.find(query, { mode, limit: 100 })).ids, mode).toEqual(ids);
    }
  });

  it("knows of a query of many words which of them a text has, and looks 32 of them up", async () => {
    const lexical = async (query: string): Promise<number> => {
      const [first] = (await finder.find(query, { mode: "lexical" })).results;
      expect(first!.memory.content).toBe(MANY_WORDS);
      return first!.signals.lexical!;
    };
    const all = await lexical(`${words(31).join(" ")} llama`);
    expect(all).toBeGreaterThan(0.85);
    expect(all).toBeLessThan(1);
    const half = await lexical([...words(16), ...words(16).map((word) => `${word}x`)].join(" "));
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.7);
    expect(await lexical(`${MANY_WORDS} llama`)).toBeGreaterThan(0.96);
  });

  it("takes sixteen phrases, exclusions and names in phrases, and refuses more, naming the query", async () => {
    const phrases = words(7).map((word) => `"${word} C++"`);
    const sixteen = [...phrases, ...words(8).map((word) => `-${word}+`), "llama"].join(" ");
    expect((await finder.find(sixteen)).ids).toEqual([]);
    for (const query of [
      `${sixteen} -more`,
      `${sixteen} "one more"`,
      words(700)
        .map((word) => `-${word}+`)
        .join(" "),
    ]) {
      await expect(finder.find(query), query.slice(-20)).rejects.toMatchObject({
        reason: "INVALID_FIELD",
        metadata: { field: "query" },
      });
    }
  });

  it("looks long memories through for what is excluded at the pace of their phrase alone", async () => {
    const long = { content: `tea+ ${"alpha beta ".repeat(1500)}`, embedded: false };
    const { caller } = await Finder.over(database.storage, Array<SeedMemory>(100).fill(long));
    const tea = { text: "tea", language: "english", vector: null, filter: {}, perRetriever: 50, phrases: ["tea"] };
    const pace = async (excluded: readonly string[]): Promise<number> => {
      const took: number[] = [];
      for (let i = 0; i < 4; i++) {
        const start = performance.now();
        const { candidates } = await database.storage.searches.candidates(caller, { ...tea, excluded }, never);
        took.push(performance.now() - start);
        expect(candidates).toHaveLength(50);
      }
      return Math.min(...took);
    };
    const alone = await pace([]);
    const absent = words(8).map((word) => `${word}x`);
    for (const excluded of [absent, absent.map((word) => `${word} tea`)]) {
      expect((await pace(excluded)) / alone, excluded[0]).toBeLessThan(4);
    }
    const names = words(16).map((word) => `${word}+`);
    expect((await pace(names)) / (await pace(names.slice(0, 1))), "names").toBeLessThan(5);
    const excluded = ["of tea"];
    const found = await database.storage.searches.candidates(caller, { ...tea, perRetriever: 100, excluded }, never);
    expect(found.truncated).toBe(true);
    expect(found.candidates, "read for a phrase with a stop word").toHaveLength(49);
  });

  it("finds words of other scripts, and digits", async () => {
    for (const query of ["今日は", "שלום", "inv-20017"]) {
      expect((await finder.find(query, { mode: "lexical" })).ids.length, query).toBeGreaterThan(0);
    }
    expect(await finder.places("20017", { mode: "lexical" })).toContain(17);
  });
});
