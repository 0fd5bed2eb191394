import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConversationFault } from "./parse-conversation.ts";
import { readConversations } from "./read-conversations.ts";

const VALID = {
  session_1: [{ speaker: "Ana", dia_id: "D1:1", text: "I moved to Porto." }],
  qa: [{ question: "Where does Ana live?", evidence: ["D1:1"], category: 4 }],
};

describe("readConversations", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cairn-conversations-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, value: unknown): void {
    writeFileSync(join(folder, name), JSON.stringify(value));
  }

  function expectFault(words: string): void {
    expect(() => readConversations(folder)).toThrow(ConversationFault);
    expect(() => readConversations(folder)).toThrow(words);
  }

  it("reads the files that end in .json, by name, and nothing else", () => {
    write("b.json", VALID);
    write("a.json", { ...VALID, qa: [] });
    write("notes.txt", "none");
    mkdirSync(join(folder, "c.json"));
    expect(readConversations(folder).map((one) => one.name)).toEqual(["a", "b"]);
  });

  it("says which file cannot be read", () => {
    write("a.json", VALID);
    symlinkSync(join(folder, "gone"), join(folder, "b.json"));
    expectFault(`${join(folder, "b.json")}: cannot be read`);
  });

  it("refuses conversations without a question that can be judged, as there is nothing to measure", () => {
    write("a.json", { ...VALID, qa: [{ question: "Why?", evidence: ["D7:7"], category: 1 }] });
    expectFault("no question of categories 1 to 4 whose evidence is a turn");
  });
});
