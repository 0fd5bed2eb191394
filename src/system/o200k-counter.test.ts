import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { tokenEstimate } from "../domain/token-estimate.ts";
import { createO200kCounter } from "./o200k-counter.ts";

const counter = createO200kCounter();

describe("createO200kCounter", () => {
  it.each([
    ["", 0],
    ["hello world", 2],
    ["antidisestablishmentarianism", 6],
    ["2 + 2 = 4", 7],
    ["お誕生日おめでとう", 8],
  ])("counts %j as the published encoding does", async (text, tokens) => {
    expect(await counter.count(text)).toEqual({ tokens, exact: true });
  });

  it("takes what looks like a special token for the characters that it is", async () => {
    expect((await counter.count("<|endoftext|>")).tokens).toBeGreaterThan(1);
  });

  it("says that a text with a long run is estimated, and comes within a twentieth of it", async () => {
    for (const run of ["字".repeat(600), "aé".repeat(400), "=-".repeat(700), "👩‍👧".repeat(300)]) {
      const text = `before ${run} after`;
      const counted = await counter.count(text);
      expect(counted.exact).toBe(false);
      const real = encode(text).length;
      expect(Math.abs(counted.tokens - real)).toBeLessThanOrEqual(Math.ceil(real / 20));
    }
  });

  it("never counts a text with long runs for less than it is", async () => {
    const letters = [..."abcdefghij"];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let round = 0; round < 60; round++) {
      const text = Array.from({ length: 300 + random(1500) }, () => letters[random(letters.length)]).join("");
      const { tokens, exact } = await counter.count(text);
      expect(exact).toBe(false);
      expect(tokens).toBeGreaterThanOrEqual(encode(text).length);
    }
  });

  it("counts 50,000 letters without a space sooner than the encoding itself counts 20,000", async () => {
    await counter.count("warm");
    const began = performance.now();
    await counter.count("abcdefghij".repeat(5000));
    const counted = performance.now();
    encode("abcdefghij".repeat(2000));
    expect(counted - began).toBeLessThan(performance.now() - counted);
  });
});

describe("tokenEstimate", () => {
  it("is on the safe side of the encoding for prose in several scripts, code, ids, dates and signs", async () => {
    const texts = [
      "She prefers a call on Thursday mornings, never before nine, and hates voicemail.",
      "Der Kunde möchte die Rechnung ab März quartalsweise per E-Mail erhalten.",
      "Клиент просит присылать счета по электронной почте каждый квартал.",
      "客户希望从三月起每季度通过电子邮件收到发票。",
      "function add(a: number, b: number) {\n  return a + b; // both finite\n}",
      "- [01a1fe9a-e3ce-7001-bdad-041bf9da71bb] 2026-11-21, preference, contact 42: Sarah prefers email.",
      "## call c-7\n- [1] 2026-01-05 10:30, fact: +49 (0)30 1234-567, INV-20931, €1.999,99",
      "👩‍👩‍👧‍👦 🏴‍☠️ 🎉🎉🎉 (╯°□°)╯︵ ┻━┻",
    ];
    for (const text of texts) {
      const { tokens, exact } = await tokenEstimate.count(text);
      expect(exact).toBe(false);
      expect(tokens).toBeGreaterThanOrEqual((await counter.count(text)).tokens);
    }
  });
});
