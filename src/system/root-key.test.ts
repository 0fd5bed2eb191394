import { chmodSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rootKeyOf } from "./root-key.ts";
import { randomSecrets } from "./secret.ts";

const ignore = () => {};

describe("rootKeyOf()", () => {
  it("makes a key once, keeps it with mode 0600 and finds it again", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cairn-")), "data");
    const first = rootKeyOf([], folder, randomSecrets, ignore);
    expect(first).toMatchObject({ made: true, secrets: [expect.stringMatching(/^cairn_[0-9A-Za-z]{43}$/)] });
    expect(statSync(join(folder, "root-key")).mode & 0o777).toBe(0o600);
    expect(rootKeyOf([], folder, randomSecrets, ignore)).toMatchObject({ made: false, secrets: first.secrets });
  });

  it("makes a new one where a power cut left an empty file, and leaves nothing else behind", () => {
    const folder = mkdtempSync(join(tmpdir(), "cairn-"));
    writeFileSync(join(folder, "root-key"), "");
    const made = rootKeyOf([], folder, randomSecrets, ignore);
    expect(made.made).toBe(true);
    expect(rootKeyOf([], folder, randomSecrets, ignore)).toMatchObject({ made: false, secrets: made.secrets });
    expect(readdirSync(folder)).toEqual(["root-key"]);
  });

  it("prefers the environment's keys and writes nothing", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cairn-")), "data");
    const given = ["a-key-of-the-environment", "another-beside-it-for-now"];
    expect(rootKeyOf(given, folder, randomSecrets, ignore)).toEqual({ secrets: given, made: false, file: null });
    expect(() => statSync(folder)).toThrow();
  });

  it("closes a file that others could read, and says so once", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cairn-")), "data");
    rootKeyOf([], folder, randomSecrets, ignore);
    chmodSync(join(folder, "root-key"), 0o644);
    const warnings: string[] = [];
    for (let start = 0; start < 2; start++) rootKeyOf([], folder, randomSecrets, (one) => warnings.push(one));
    expect(warnings).toEqual([expect.stringContaining("was open to other users")]);
    expect(statSync(join(folder, "root-key")).mode & 0o777).toBe(0o600);
  });

  it("says in one line why it can keep none", () => {
    const folder = mkdtempSync(join(tmpdir(), "cairn-"));
    expect(() => rootKeyOf([], "/proc/x", randomSecrets, ignore)).toThrow("cannot use the data folder /proc/x");
    mkdirSync(join(folder, "root-key"));
    expect(() => rootKeyOf([], folder, randomSecrets, ignore)).toThrow("cannot read the root key: EISDIR");
  });
});
