import { afterAll, beforeAll, expect, it } from "vitest";
import type { SearchMode } from "../../src/domain/search.ts";
import { describeOnEngines } from "../app/engines.ts";
import { Finder } from "./finder.ts";
import type { Database } from "./open-database.ts";
import { shareDatabase } from "./share-database.ts";

const MODES: readonly SearchMode[] = ["lexical", "hybrid"];
const LEXICAL = { mode: "lexical" } as const;
const AGENT = "0190a000-0000-7000-8000-00000000000a";
const OTHER = "0190a000-0000-7000-8000-00000000000b";

/** One memory for each name. */
const NAMES: Readonly<Record<string, string>> = {
  "C++": "The simulation core is written in C++ and built every night",
  "C#": "Unity scripts of the game are in C#, says Marta",
  "F#": "Pricing rules were ported to F# by the risk team",
  ".NET": "The billing service runs on .NET since spring",
  "node.js": "Our gateway needs node.js to start",
  "@scope/name": "Publish the package as @scope/name from now on",
  "#1234": "The outage was tracked in #1234 and closed",
  "--dry-run": "Always pass --dry-run before a migration",
  $HOME: "Configuration is read from $HOME by default",
  "g++-12": "The image ships g++-12 as its compiler",
  "a/b": "The a/b experiment on the landing page ended",
  "~/.ssh": "Keys belong in ~/.ssh on every laptop",
  "R&D": "Budget for R&D was doubled this year",
  "AT&T": "The phone contract is with AT&T until May",
  "50%": "The discount for schools is 50% on every plan",
  ":8080": "The proxy listens on localhost:8080 behind the firewall",
};

/** What holds their letters alone, or more than them. */
const LIKE_THEM = [
  ...[
    "C is the language of the firmware",
    "C minor",
    "Vitamin C",
    "C, C, C: three times c",
    "The grade was a C+",
    "C+++ is none",
  ],
  ...["Press F to continue", "F minor", "net income", "the net of a net", "example.net is our domain", "ASP.NETTER"],
  ...["node 7 crashed", "js node", "the name of the scope", "scope/name without a sign", "me@scope/name"],
  ...[
    "room 1234",
    "1234 people came",
    "#12345 is open",
    "dry run",
    "dry-run",
    "a dry run of the show",
    "--dry-running",
  ],
  ...["at home", "home home home", "$HOMEPAGE is set", "12 g of salt", "b is after a", "ssh keys", "the ssh daemon"],
  ...["R is a language; D is another", "D and R", "at t minus ten", "AT&TX is another", "50 people came", "50 50 50"],
  ...["150% sure", "5.50% interest", "8080 steps today", "port :18080", "room 8080"],
];
const DEEDS = [
  "stays at home, section C",
  "bought 50 boxes at 8080",
  "runs a node of the net",
  "sits in room 1234",
  "pays",
];

function notes(count: number) {
  return Array.from({ length: count }, (_, i) => ({ content: `Customer ${i * 7} ${DEEDS[i % 5]}, note ${i}.` }));
}

function texts(...contents: string[]) {
  return contents.map((content) => ({ content }));
}

describeOnEngines("terms with punctuation", (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await shareDatabase(engine);
  });
  afterAll(() => database.close());

  it("are found exactly and first, alone and in a question, among what holds their letters", async () => {
    const some = [...notes(300), ...texts(...Object.values(NAMES)), ...texts(...LIKE_THEM), ...notes(300)];
    const finder = await Finder.over(database.storage, some);
    for (const [name, content] of Object.entries(NAMES)) {
      for (const query of [name, name.toLowerCase(), `what do we know of ${name}?`, `(${name}), please`]) {
        for (const mode of MODES) {
          const [first, second] = (await finder.find(query, { mode })).results;
          expect(first?.memory.content, `${query} ${mode}`).toBe(content);
          expect(first?.signals.exact, `${query} ${mode}`).toBe(1);
          expect(second?.signals.exact ?? 0, `${query} ${mode}`).toBeLessThan(1);
        }
      }
    }
    expect((await finder.find("AT&T", LEXICAL)).ids).toHaveLength(1);
  }, 120_000);

  it("are found in titles, in metadata, and beyond what is embedded", async () => {
    const finder = await Finder.over(database.storage, [
      ...texts("Vitamin C", "T at noon"),
      { content: "Course", title: "C++ for beginners" },
      { content: "Contract", metadata: { of: [{ carrier: 'the "AT&T" one' }] } },
      { content: "Path", metadata: { path: "C:\\$temp" } },
      { content: `${"word ".repeat(1500)}#77` },
      { content: "Key", metadata: { "F#": "no" } },
    ]);
    for (const [query, place] of [
      ["C++", 2],
      ["AT&T", 3],
      ["$temp", 4],
      ["#77", 5],
    ] as const) {
      expect((await finder.places(query, LEXICAL))[0], query).toBe(place);
    }
    expect(await finder.places("F#", LEXICAL)).toEqual([]);
  });

  it("are several: what has all of them comes before what has one", async () => {
    const finder = await Finder.over(database.storage, texts("C# and C++ are taught", "C++ is taught", "C is taught"));
    for (const mode of MODES) expect(await finder.places("C++ or C#", { mode }), mode).toEqual([0, 1, 2]);
  });

  it("count for no more than they are: --dry-run is a name, -dry an exclusion, quotes hold signs too", async () => {
    const finder = await Finder.over(
      database.storage,
      texts("pass --dry-run", "a dry run", "run it in C++", "run it in C", "run it at AT&T", "-v runs verbosely"),
    );
    expect((await finder.places("--dry-run", LEXICAL))[0]).toBe(0);
    expect(new Set(await finder.places("run -dry", LEXICAL))).toEqual(new Set([2, 3, 4, 5]));
    for (const mode of ["lexical", "hybrid", "semantic"] as const) {
      expect(await finder.places('"C++"', { mode }), mode).toEqual([2]);
      expect(await finder.places('"AT&T"', { mode }), mode).toEqual([4]);
      expect(await finder.places('"in C++" run', { mode }), mode).toEqual([2]);
      expect(await finder.places('"-v"', { mode }), mode).toEqual([5]);
      const left = await finder.places("run it -C++", { mode });
      expect(left, mode).toEqual(expect.arrayContaining([3, 4]));
      expect(left, mode).not.toContain(2);
      expect(await finder.places('run it -"AT&T"', { mode }), mode).not.toContain(4);
    }
  });

  it("are found among what a filter leaves, and by what the reader may see alone", async () => {
    const content = "About C++ and AT&T";
    const secret = { content, visibility: "private", agentId: OTHER } as const;
    const finder = await Finder.over(database.storage, [
      ...[{ content, kind: "a" }, { content, kind: "b" }, secret, { content, deleteTime: new Date(0) }],
      ...[
        { content, expireTime: new Date(0) },
        { content: "Vitamin C at tea", kind: "a" },
      ],
    ]);
    await Finder.over(database.storage, [{ content }]);
    for (const query of ["C++", "AT&T", '"C++"', "C++ AT&T"]) {
      for (const mode of MODES) {
        const first = async (more: object, agentId: string | null) =>
          (await finder.find(query, { mode, ...more }, agentId)).results
            .filter((one) => one.signals.exact === 1)
            .map((one) => finder.ids.indexOf(one.memory.id));
        expect(await first({}, AGENT), `${query} ${mode}`).toEqual([1, 0]);
        expect(new Set(await first({}, OTHER)), `${query} ${mode}`).toEqual(new Set([0, 1, 2]));
        expect(await first({ filter: { kinds: ["a"] } }, AGENT), `${query} ${mode}`).toEqual([0]);
      }
    }
  });

  it("are looked for among the newest 5,000, which the summary tells, where the index has no word of theirs", async () => {
    const old = [{ content: "The old contract with AT&T" }];
    const finder = await Finder.over(database.storage, [...old, ...notes(5000), { content: "The new one: AT&T" }]);
    const { results, summary } = await finder.find("AT&T", LEXICAL);
    expect(results.map((one) => one.memory.content)).toEqual(["The new one: AT&T"]);
    expect(summary.truncated).toBe(true);
    expect((await finder.find("C++", LEXICAL)).summary.truncated).toBe(false);
  }, 120_000);
});
