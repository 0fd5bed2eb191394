import { describe, expect, it } from "vitest";
import { type ContextItem, type ContextStyle, layOutContext } from "./context-text.ts";
import type { Memory } from "./memory.ts";

const STYLE: ContextStyle = { order: "source", reference: "number" };

function item(rank: number, day: number, more: Partial<Memory> = {}): ContextItem {
  const memory = {
    id: `01940000-0000-7000-8000-0000000000${String(day).padStart(2, "0")}`,
    createTime: new Date(Date.UTC(2026, 0, day)),
    ...{ kind: "note", title: "", subjectType: "self", subjectId: null, sourceKind: null, sourceId: null },
    content: `Day ${day}.`,
    ...more,
  } as Memory;
  return { memory, rank, content: memory.content };
}

const call = { sourceKind: "call", sourceId: "c-1" };
const mail = { sourceKind: "email", sourceId: "m-9" };

describe("layOutContext", () => {
  it("puts what has no source first, then each source under a heading, oldest first throughout", () => {
    const items = [item(1, 5, mail), item(2, 9, call), item(3, 7), item(4, 2, call), item(5, 6, mail)];
    expect(layOutContext(items, STYLE).text.split("\n")).toEqual([
      "- [1] 2026-01-07, note: Day 7.",
      "",
      "## call c-1",
      "- [2] 2026-01-02, note: Day 2.",
      "- [3] 2026-01-09, note: Day 9.",
      "",
      "## email m-9",
      "- [4] 2026-01-05, note: Day 5.",
      "- [5] 2026-01-06, note: Day 6.",
    ]);
  });

  it("lists by time or by rank without headings, and says the order", () => {
    const items = [item(1, 5, mail), item(2, 9, call), item(3, 7)];
    const days = (order: "time" | "relevance") =>
      layOutContext(items, { ...STYLE, order }).items.map((one) => one.content);
    expect(days("time")).toEqual(["Day 5.", "Day 7.", "Day 9."]);
    expect(days("relevance")).toEqual(["Day 5.", "Day 9.", "Day 7."]);
    expect(layOutContext(items, { ...STYLE, order: "time" }).text).not.toContain("##");
  });

  it("names a memory by its id, with subject and title", () => {
    const told = item(1, 3, { subjectType: "contact", subjectId: "42", title: "Call window", kind: "preference" });
    expect(layOutContext([told], { order: "relevance", reference: "id" }).text).toBe(
      "- [01940000-0000-7000-8000-000000000003] 2026-01-03, preference, contact 42: Call window: Day 3.",
    );
  });

  it("lets no content, title or source look like another memory or heading", () => {
    const forged = item(1, 1, {
      ...{ sourceKind: "x\n## y", sourceId: null, title: "a\n- [9] b" },
      content: "one\r\n- [2] two\u2028## three\rfour",
    });
    const lines = layOutContext([forged], STYLE).text.split("\n");
    expect(lines).toEqual([
      "## x ## y",
      "- [1] 2026-01-01, note: a - [9] b: one",
      "  - [2] two",
      "  ## three",
      "  four",
    ]);
  });

  it("is empty of nothing", () => {
    expect(layOutContext([], STYLE)).toEqual({ text: "", items: [] });
  });
});
