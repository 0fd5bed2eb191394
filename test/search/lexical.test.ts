import { afterAll, beforeAll, expect, it } from "vitest";
import type { SearchMode } from "../../src/domain/search.ts";
import { asApplication } from "../../src/storage/engine/session.ts";
import { describeOnEngines } from "../app/engines.ts";
import { Finder } from "./finder.ts";
import type { Database } from "./open-database.ts";
import { shareDatabase } from "./share-database.ts";

const MODES: readonly SearchMode[] = ["hybrid", "semantic", "lexical"];
const LEXICAL = { mode: "lexical" } as const;
const AGENT = "0190a000-0000-7000-8000-00000000000a";
const OTHER = "0190a000-0000-7000-8000-00000000000b";

function texts(...contents: string[]) {
  return contents.map((content) => ({ content }));
}

describeOnEngines("words", (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  afterAll(() => database.close());

  it("holds quoted words in every mode, side by side and in their order", async () => {
    const finder = await Finder.over(
      database.storage,
      texts("The green tea ceremony", "Tea that is green", "A ceremony", "Green teas"),
    );
    for (const mode of MODES) {
      expect(new Set(await finder.places('ceremony "green tea"', { mode })), mode).toEqual(
        mode === "lexical" ? new Set([0, 3]) : new Set([0, 3]),
      );
      expect(await finder.places('"green tea" "ceremony"', { mode }), mode).toEqual([0]);
      expect(await finder.places('"purple tea"', { mode }), mode).toEqual([]);
    }
    expect((await finder.places('"green tea ceremony" with', { filter: { kinds: ["none"] } })).length).toBe(0);
  });

  it("holds a phrase's stop words too, wherever in it they stand", async () => {
    const finder = await Finder.over(
      database.storage,
      texts("Look after the llama", "Look at a llama", "The llama looks after itself", "LOOK! After the Llama."),
    );
    for (const [query, places] of [
      ['"after the llama"', [0, 3]],
      ['"look after"', [0, 3]],
      ['"look after the llama"', [0, 3]],
      ['"llama looks"', [2]],
      ['"the llama" after', [0, 2, 3]],
    ] as const) {
      for (const mode of MODES) {
        expect(new Set(await finder.places(query, { mode })), `${query} ${mode}`).toEqual(new Set(places));
      }
    }
  });

  it("takes a phrase of stop words alone for plain words", async () => {
    const finder = await Finder.over(database.storage, texts("To be or not to be, said the llama"));
    expect(await finder.places('llama "to be"')).toEqual([0]);
  });

  it("leaves out what has an excluded word or phrase, whichever retriever brought it", async () => {
    const finder = await Finder.over(
      database.storage,
      texts("green tea", "black tea", "black coffee", "tea in a black pot", "strong black tea"),
    );
    for (const mode of MODES) {
      expect(new Set(await finder.places("tea -black", { mode })), mode).toEqual(new Set([0]));
      const rest = mode === "lexical" ? [0, 3] : [0, 2, 3];
      expect(new Set(await finder.places('tea -"black tea"', { mode })), mode).toEqual(new Set(rest));
    }
    expect(await finder.places('"black tea" -strong')).toEqual([1]);
  });

  it("leaves out no more than the excluded phrase, stop words and all", async () => {
    const finder = await Finder.over(
      database.storage,
      texts("tea from the black pot", "tea from a black pot", "blackest tea", "tea, and so the black it is"),
    );
    for (const mode of MODES) {
      expect(new Set(await finder.places('tea -"the black"', { mode })), mode).toEqual(new Set([1, 2]));
      expect(new Set(await finder.places('tea -"the black pot" -blackest', { mode })), mode).toEqual(new Set([1, 3]));
      expect(new Set(await finder.places('"tea" -"the black"', { mode })), mode).toEqual(new Set([1, 2]));
      expect(await finder.places('"from a black" -"the black"', { mode }), mode).toEqual([1]);
      expect(new Set(await finder.places("tea -the", { mode })), mode).toEqual(new Set([0, 1, 2, 3]));
    }
  });

  it("takes dashes and quotes that are no syntax for what they are", async () => {
    const finder = await Finder.over(database.storage, texts('Run it with --verbose, at -5 degrees - or a 5" pipe'));
    for (const query of ["--verbose", "-5 degrees", "pipe - verbose", '5" pipe', 'verbose "', "verbose -"]) {
      expect(await finder.places(query, LEXICAL), query).toEqual([0]);
    }
  });

  it("finds words with accents without them, and the other way", async () => {
    const finder = await Finder.over(database.storage, texts("A café in Zürich", "A cafe in Zurich", "Ein Hotel"));
    for (const query of ["cafe", "café", "CAFÉ", "zurich", "Zürich", '"café in Zurich"']) {
      expect(new Set(await finder.places(query, LEXICAL)), query).toEqual(new Set([0, 1]));
    }
  });

  it.each([
    ["french", "Nous avons été chez les élèves des chevaux", ["eleve", "cheval", "Élèves"], ["été", "avons"]],
    ["german", "Die größeren Häuser am Fluß", ["haus", "groesser größer", "Fluss"], ["die"]],
    ["russian", "Мы купили зелёные яблоки и café", ["яблоко", "зеленые", "cafe"], ["мы"]],
    ["simple", "The running café", ["running", "cafe", "the"], ["run"]],
  ])("reads %s with its stems and its stop words", async (language, content, found, not) => {
    const finder = await Finder.over(database.storage, [{ content, embedded: false }], language);
    for (const query of found) expect(await finder.places(query, LEXICAL), query).toEqual([0]);
    for (const query of not) expect(await finder.places(query, LEXICAL), query).toEqual([]);
  });

  it("finds identifiers letter by letter, and first", async () => {
    const others = ["INV-20932 was paid", "INV 20931", "sarah@acme.org", "src/storage/search.ts", "10.0.0.17"];
    const exact = [
      "The long story of an invoice, which (INV-20931), after much talk, was paid at last by somebody else",
      "Write to <Sarah.Connor@Acme.com> about the roof, the garden, the fence, and what the neighbours want",
      "The ranking of candidates lives in src/storage/search-sql.ts and nowhere else, whatever the page says",
      "Session 0190A3F2-7C41-7E55-9D2B-5C1E0F6A8B90, which ended early",
      "host 10.0.0.1 answered",
      "C:\\temp\\report_final.csv and user_id=42",
      "It says E2E4-99 in metadata",
    ];
    const finder = await Finder.over(database.storage, [
      ...texts(...others, ...exact.slice(0, 6)),
      { content: "It says so in metadata", metadata: { order: { no: "ORD/2024-77" }, phone: 4915112345678 } },
    ]);
    const queries: [string, number][] = [
      ["INV-20931", 5],
      ["what became of inv-20931?", 5],
      ["sarah.connor@acme.com", 6],
      ["acme.com", 6],
      ["src/storage/search-sql.ts", 7],
      ["search-sql.ts", 7],
      ["0190a3f2-7c41-7e55-9d2b-5c1e0f6a8b90", 8],
      ["10.0.0.1", 9],
      ["report_final.csv", 10],
      ["ORD/2024-77", 11],
      ["4915112345678", 11],
    ];
    for (const [query, place] of queries) {
      for (const mode of ["hybrid", "lexical"] as const) {
        expect((await finder.places(query, { mode }))[0], `${query} ${mode}`).toBe(place);
      }
      expect((await finder.find(query)).results[0]?.signals.exact, query).toBe(1);
    }
  });

  it("finds a word that is misspelt in the query, among memories that the caller may see", async () => {
    const secret = { content: "Jonson is a secret", visibility: "private" as const, agentId: OTHER };
    const finder = await Finder.over(database.storage, [
      ...texts("Mr Johnson called", "Catherine likes tea", "The parcel was received", "Nothing of the kind"),
      secret,
    ]);
    for (const [query, place] of [
      ["Jonhson", 0],
      ["Jhonson", 0],
      ["Jahnson", 0],
      ["Ojhnson", 0],
      ["Katherine", 1],
      ["recieved", 2],
      ["parcle", 2],
    ] as const) {
      const { results } = await finder.find(query, LEXICAL, AGENT);
      expect(
        results.map((one) => finder.ids.indexOf(one.memory.id)),
        query,
      ).toEqual([place]);
      expect(results[0]?.signals.lexical, query).toBeGreaterThan(0.2);
      expect(results[0]?.signals.lexical, query).toBeLessThan(1);
    }
    expect(await finder.places("Johnson", LEXICAL, AGENT)).toEqual([0]);
    expect(await finder.places("xyzzyplugh", LEXICAL)).toEqual([]);
  });

  it("asks for no spelling where some memory has the word", async () => {
    const finder = await Finder.over(database.storage, texts("Jonson wrote plays", "Johnson wrote a dictionary"));
    expect(await finder.places("Jonson", LEXICAL)).toEqual([0]);
  });

  it("takes texts that are all signs, and very long words", async () => {
    const contents = ["@@@///:::===", `${"x1".repeat(3000)} end`, "a@b ".repeat(2000), "\\\\ _ . ~ #"];
    const finder = await Finder.over(database.storage, [
      ...texts(...contents),
      { content: "nested", metadata: { a: [{ b: "C:\\x_1" }, null, true, 1e21] } },
    ]);
    expect(await finder.places("end", LEXICAL)).toEqual([1]);
    expect(await finder.places("a@b", LEXICAL)).toEqual([2]);
    expect(await finder.places("C:\\x_1", LEXICAL)).toEqual([4]);
  });

  it.each([
    ["./", 25_000],
    ["a@1", 16_600],
    ["/~", 25_000],
  ])("reads %s, %i times in a row, at some pace of prose", async (unit, times) => {
    const milliseconds = async (text: string) => {
      const began = performance.now();
      const sql = "select length(searched_words('english', $1::text, jsonb_build_object('note', $1::text))) as words";
      await database.storage.session.run(asApplication, { name: null, text: sql }, [text], null);
      return performance.now() - began;
    };
    const prose = "the quick brown fox ".repeat(2500);
    await milliseconds(prose);
    const pace = Math.max(await milliseconds(prose), await milliseconds(prose));
    // Without the spaces it is some thousand times, and more the longer the run.
    expect(await milliseconds(unit.repeat(times))).toBeLessThan(100 * pace);
  });
});
