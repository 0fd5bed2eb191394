import { describe, expect, it } from "vitest";
import { parseConversation } from "./parse-conversation.ts";

const TURN = { speaker: "Ana", dia_id: "D1:1", text: "I moved to Porto." };
const VALID = {
  session_1: [TURN],
  qa: [{ question: "Where does Ana live?", evidence: ["D1:1"], category: 4, answer: "Porto" }],
};

function parse(value: unknown) {
  return parseConversation("talks/a.json", "a", JSON.stringify(value, null, 1));
}

function faultOf(text: string): string {
  try {
    parseConversation("talks/a.json", "a", text);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
}

describe("parseConversation", () => {
  it("remembers who said what, the picture that was shown, and the session with its date", () => {
    const told = parse({
      ...VALID,
      session_1_date_time: "1:56 pm on 8 May, 2023",
      session_1: [{ ...TURN, blip_caption: "a photo of a tram" }],
    });
    expect(told.turns).toEqual([
      {
        id: "D1:1",
        speaker: "Ana",
        content: "Ana: I moved to Porto. [shares a photo of a tram]",
        session: "session_1",
        date: "1:56 pm on 8 May, 2023",
      },
    ]);
    expect(told.questions).toEqual([{ text: "Where does Ana live?", category: 4, evidence: ["D1:1"] }]);
  });

  it("keeps sessions in the order of their numbers", () => {
    const turn = (id: string) => [{ ...TURN, dia_id: id }];
    const told = parse({ session_10: turn("D10:1"), session_2: turn("D2:1"), session_1: turn("D1:1"), qa: [] });
    expect(told.turns.map((one) => one.id)).toEqual(["D1:1", "D2:1", "D10:1"]);
  });

  it("leaves adversarial questions out, counts those without evidence, and takes two ids out of one string", () => {
    const ask = (category: number, evidence: string[]) => ({ question: "Why?", category, evidence });
    const told = parse({
      session_1: [TURN, { ...TURN, dia_id: "D1:2" }],
      qa: [ask(5, ["D1:1"]), ask(1, ["D1:1; D1:2"]), ask(2, []), ask(3, ["D9:9"]), ask(4, ["D", "D1:2", "D1:2"])],
    });
    expect(told.questions.map((one) => one.evidence)).toEqual([["D1:1", "D1:2"], ["D1:2"]]);
    expect([told.skipped, told.unknownEvidence]).toEqual([2, 2]);
  });

  it.each([
    ["{\n", "talks/a.json:2: is not valid JSON"],
    ['{\n "qa": [,]}', "talks/a.json:2: is not valid JSON"],
    ["[1]", "talks/a.json:1: must be a JSON object"],
    ['{"qa": []}', "talks/a.json:1: has no turns"],
    ['{\n"session_1": {}}', "talks/a.json:2: session_1 must be a JSON array"],
    ['{"session_1": [\n7]}', "talks/a.json:2: session_1[0] must be a JSON object"],
    ['{"session_1": [\n{"dia_id": "a"}]}', "talks/a.json:2: session_1[0].speaker must be a string that is not blank"],
  ])("names file, line and field of what is wrong with %j", (text, fault) => {
    expect(faultOf(text)).toContain(fault);
  });

  it.each([
    [{ ...VALID, session_1: [TURN, TURN] }, 'a.json:10: session_1[1].dia_id "D1:1" is the id of another turn as well'],
    [{ ...VALID, session_1: [{ ...TURN, text: 3 }] }, "a.json:6: session_1[0].text must be a string"],
    [{ session_1: [TURN] }, "a.json:1: qa must be a JSON array"],
    [{ session_1: [TURN], qa: [{ question: " ", evidence: [], category: 4 }] }, "qa[0].question must be a string that"],
    [
      { session_1: [TURN], qa: [{ question: "?", evidence: [], category: 6 }] },
      "qa[0].category must be a whole number",
    ],
    [{ session_1: [TURN], qa: [{ question: "?", evidence: [4], category: 1 }] }, "qa[0].evidence[0] must be a string"],
  ])("points into a file of many lines (%#)", (value, fault) => {
    expect(faultOf(JSON.stringify(value, null, 1))).toContain(fault);
  });

  it("finds a line behind brackets and quotes that stand in strings", () => {
    const text =
      '{"x": "}]\\"{[",\n"y": [[], {"a": "\\\\"}],\n"session_1": [{"speaker": "A", "dia_id": "1",\n"text": null}]}';
    expect(faultOf(text)).toContain("a.json:4: session_1[0].text");
  });
});
