import fc from "fast-check";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ContextOrder, ContextReference, ContextTokenizer } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { failureOf } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { rest } from "../app/rest.ts";
import { errorLines, type ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { type MemoryClient, type MemoryInit, makeWorkspace, memoriesOf, type Workspace } from "../app/tenants.ts";

/** Memories of every length and script, some of them about a greenhouse. */
const MEMORIES: readonly MemoryInit[] = [
  {
    content: "The greenhouse heater trips the breaker when the fan runs as well.",
    sourceKind: "call",
    sourceId: "c-7",
  },
  { content: "Greenhouse vents open at 24 degrees; Yusuf set it on Tuesday.", sourceKind: "call", sourceId: "c-7" },
  { content: "温室的加热器坏了，需要在冬天之前更换。greenhouse", sourceKind: "note", sourceId: "n-1" },
  { content: "In the greenhouse 🪴🍅 tomatoes 👩‍🌾 ripen by mid July; the peppers need three weeks longer." },
  { content: `Greenhouse log:\n${"watered, aired, weeded; ".repeat(40)}`, title: "Spring log" },
  { content: "Whoever locks the greenhouse leaves the key under the third pot.", kind: "rule", subjectType: "site" },
  { content: "<|endoftext|> is what the greenhouse sensor prints when its battery is low." },
  {
    content: "Greenhouse glass: order 4 mm panes, 60 by 144 cm, from Fenwick & Sons.",
    sourceKind: "email",
    sourceId: "e-2",
  },
];

describeOnEngines("AssembleContext", (engine) => {
  let app: ServedApp;
  let workspace: Workspace;
  let memories: MemoryClient;

  beforeAll(async () => {
    app = await shareApp(engine);
    workspace = await makeWorkspace(app);
    memories = memoriesOf(app, workspace);
    const writes = MEMORIES.map((memory) => ({ memory: { kind: "note", ...memory } }));
    await memories.batchWriteMemories({ writes });
  });
  afterAll(async () => {
    const errors = errorLines(app);
    await app.close();
    expect(errors).toEqual([]);
  });

  it("packs everything where the budget allows, grouped by source, with ids and dates", async () => {
    const answer = await memories.assembleContext({ query: "greenhouse" });
    const today = new Date().toISOString().slice(0, 8);
    expect(answer.memories).toHaveLength(MEMORIES.length);
    expect(answer.omittedMemoryIds).toEqual([]);
    for (const { memoryId } of answer.memories) expect(answer.text).toContain(`- [${memoryId}] ${today}`);
    expect(answer.text.match(/^## .*$/gm)).toEqual(["## call c-7", "## note n-1", "## email e-2"]);
    const places = answer.memories.map(({ memoryId }) => answer.text.indexOf(memoryId));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(answer.summary).toMatchObject({ count: MEMORIES.length, degraded: false });
  });

  it("counts the text exactly, and never exceeds the budget, whatever order, reference and tokenizer", async () => {
    const asked = fc.record({
      tokenBudget: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 700 })),
      order: fc.constantFrom(ContextOrder.SOURCE, ContextOrder.TIME, ContextOrder.RELEVANCE),
      reference: fc.constantFrom(ContextReference.ID, ContextReference.NUMBER),
      tokenizer: fc.constantFrom(ContextTokenizer.O200K_BASE, ContextTokenizer.ESTIMATE),
      query: fc.constantFrom("greenhouse", "tomatoes ripen", "温室", "watered and aired log"),
    });
    await fc.assert(
      fc.asyncProperty(asked, async (request) => {
        const {
          text,
          tokenCount,
          tokenCountExact,
          memories: held,
          ...answer
        } = await memories.assembleContext(request);
        const isExact = request.tokenizer === ContextTokenizer.O200K_BASE;
        const real = encode(text, { disallowedSpecial: new Set() }).length;
        if (isExact) expect(tokenCount).toBe(real);
        else expect(tokenCount).toBeGreaterThanOrEqual(real);
        expect(tokenCountExact).toBe(isExact);
        expect(tokenCount).toBeLessThanOrEqual(request.tokenBudget);
        expect(held.length === 0).toBe(text === "");
        expect(held.length + answer.omittedMemoryIds.length).toBe(answer.summary!.count);
        for (const one of held.filter((each) => !each.truncated)) {
          const { memory } = await memories.getMemory({ memoryId: one.memoryId });
          expect(text.replaceAll("\n  ", "\n")).toContain(memory!.content.trim());
        }
      }),
      { numRuns: 40 },
    );
  });

  it("leaves out what does not fit, takes the next, and names what is left out", async () => {
    const all = await memories.assembleContext({ query: "spring log watered aired weeded greenhouse" });
    const log = all.memories.find((one) => one.rank === 1)!;
    expect(log.tokens).toBeGreaterThan(200);
    const less = await memories.assembleContext({
      query: "spring log watered aired weeded greenhouse",
      tokenBudget: 200,
    });
    expect(less.omittedMemoryIds[0]).toBe(log.memoryId);
    expect(less.memories.length).toBeGreaterThan(1);
    expect(less.memories.every((one) => !one.truncated)).toBe(true);
  });

  it("cuts the best memory, and says so, where none fits whole", async () => {
    const request = { query: "watered aired weeded", filter: { subjectType: "self" }, minScore: 1, tokenBudget: 90 };
    const { text, memories: held } = await memories.assembleContext(request);
    expect(held).toMatchObject([{ rank: 1, truncated: true }]);
    expect(text).toMatch(/Spring log: Greenhouse log:\n {2}watered.* \[…\]$/);
  });

  it("answers an empty text where there is no room for anything, and where nothing is found", async () => {
    const tight = await memories.assembleContext({ query: "greenhouse", tokenBudget: 5 });
    expect(tight).toMatchObject({ text: "", tokenCount: 0, tokenCountExact: true, memories: [] });
    expect(tight.omittedMemoryIds).toHaveLength(MEMORIES.length);
    const none = await memories.assembleContext({ query: "greenhouse", filter: { kinds: ["no-such-kind"] } });
    expect(none).toMatchObject({ text: "", memories: [], omittedMemoryIds: [], summary: { count: 0 } });
  });

  it("packs of near-duplicates the best, and names the others", async () => {
    const other = await makeWorkspace(app);
    const mine = memoriesOf(app, other);
    const contents = ["Priya likes her coffee black.", "Priya likes her coffee black!", "Priya's desk is on floor 3."];
    for (const content of contents) await mine.writeMemory({ memory: { kind: "fact", content } });
    const { text, memories: held } = await mine.assembleContext({ query: "How does Priya take her coffee?" });
    expect(text.match(/coffee black/g)).toHaveLength(1);
    expect(held.map((one) => one.duplicateMemoryIds.length).toSorted()).toEqual([0, 1]);
  });

  it("numbers memories by their place, and filters, limits and ranks as a search does", async () => {
    const { text, memories: held } = await memories.assembleContext({
      ...{ query: "heater breaker", limit: 2, reference: ContextReference.NUMBER, order: ContextOrder.RELEVANCE },
      filter: { sourceKind: "call" },
    });
    expect(text).toMatch(/^- \[1\] .*heater trips.*\n- \[2\] .*vents open/);
    expect(held.map((one) => one.rank)).toEqual([1, 2]);
  });

  it("answers over REST, in the contract's names", async () => {
    const body = {
      query: "greenhouse key",
      token_budget: 60,
      order: "CONTEXT_ORDER_RELEVANCE",
      reference: "CONTEXT_REFERENCE_NUMBER",
    };
    const { status, json } = await rest(app, workspace, "POST /api/v1/memories:assembleContext", body);
    expect([status, json.token_count_exact, json.memories.length > 0]).toEqual([200, true, true]);
    expect(json.text).toContain("under the third pot");
  });

  it.each([
    [{ query: " " }, "query"],
    [{ query: "x", tokenBudget: 0 }, "token_budget"],
    [{ query: "x", tokenBudget: 32_001 }, "token_budget"],
    [{ query: "x", limit: 101 }, "limit"],
    [{ query: "x", order: 9 as ContextOrder }, "order"],
  ])("refuses %j, naming the field", async (request, field) => {
    const failure = await failureOf(memories.assembleContext(request));
    expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", metadata: { field } });
  });
});
