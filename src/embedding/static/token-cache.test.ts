import { describe, expect, it } from "vitest";
import { cachingTokens } from "./token-cache.ts";

describe("remembered tokens", () => {
  it("are told once a text, and are each text's own", () => {
    const told: string[] = [];
    const tokensOf = cachingTokens((text) => {
      told.push(text);
      return [...text].map((letter) => letter.codePointAt(0) as number);
    });
    const answers = ["ab", "", "b", "ab", Buffer.from("ab").toString(), ""].map(tokensOf);
    expect(answers).toEqual([[97, 98], [], [98], [97, 98], [97, 98], []]);
    expect(told).toEqual(["ab", "", "b"]);
  });

  it("are forgotten before they take more than some 10 MB, and told again", () => {
    const told: string[] = [];
    const tokensOf = cachingTokens((text) => {
      told.push(text);
      return [1, 2];
    });
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(110_000, " "));
    for (const text of texts) tokensOf(text);
    tokensOf(texts[19] as string);
    expect(told).toEqual(texts);
    tokensOf(texts[0] as string);
    expect(told).toHaveLength(21);
  });
});
