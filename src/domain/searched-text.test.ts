import { describe, expect, it } from "vitest";
import { SEARCHED_TEXT_LIMIT, searchedText } from "./searched-text.ts";

describe("searchedText", () => {
  it("joins title, content and the strings and numbers of metadata, and nothing else of it", () => {
    const metadata = { b: ["two", { deep: 3.5 }], a: "one", flag: true, none: null, empty: "" };
    expect(searchedText({ title: "T", content: "C", metadata })).toBe("T\nC\none\ntwo\n3.5");
  });

  it("does not depend on the order of metadata's keys", () => {
    const one = searchedText({ title: "", content: "C", metadata: { x: "1", yy: "2" } });
    const other = searchedText({ title: "", content: "C", metadata: { yy: "2", x: "1" } });
    expect(one).toBe(other);
    expect(one).toBe("C\n1\n2");
  });

  it("cuts at 4,000 code points and never through one", () => {
    const text = searchedText({ title: "", content: "🙂".repeat(5000), metadata: { tail: "unseen" } });
    expect([...text]).toHaveLength(SEARCHED_TEXT_LIMIT);
    expect(text.isWellFormed()).toBe(true);
  });

  it("lets metadata fill what title and content leave", () => {
    const text = searchedText({ title: "", content: "c", metadata: { list: Array(9000).fill("w") } });
    expect([...text]).toHaveLength(SEARCHED_TEXT_LIMIT);
  });
});
