import { mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rootKeyOf } from "./root-key.ts";
import { randomSecrets } from "./secret.ts";

describe("rootKeyOf()", () => {
  it("makes a key once, keeps it with mode 0600 and finds it again", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cairn-")), "data");
    const first = rootKeyOf([], folder, randomSecrets);
    expect(first).toMatchObject({ made: true, secrets: [expect.stringMatching(/^cairn_[0-9A-Za-z]{43}$/)] });
    expect(statSync(join(folder, "root-key")).mode & 0o777).toBe(0o600);
    expect(rootKeyOf([], folder, randomSecrets)).toMatchObject({ made: false, secrets: first.secrets });
  });

  it("makes a new one where a power cut left an empty file, and leaves nothing else behind", () => {
    const folder = mkdtempSync(join(tmpdir(), "cairn-"));
    writeFileSync(join(folder, "root-key"), "");
    const made = rootKeyOf([], folder, randomSecrets);
    expect(made.made).toBe(true);
    expect(rootKeyOf([], folder, randomSecrets)).toMatchObject({ made: false, secrets: made.secrets });
    expect(readdirSync(folder)).toEqual(["root-key"]);
  });

  it("prefers the environment's keys and writes nothing", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cairn-")), "data");
    const given = ["a-key-of-the-environment", "another-beside-it-for-now"];
    expect(rootKeyOf(given, folder, randomSecrets)).toEqual({ secrets: given, made: false, file: null });
    expect(() => statSync(folder)).toThrow();
  });
});
