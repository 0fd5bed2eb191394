import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rootKeyOf } from "./root-key.ts";
import { randomSecrets } from "./secret.ts";

describe("rootKeyOf()", () => {
  it("makes a key once, keeps it with mode 0600 and finds it again", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cairn-")), "data");
    const first = rootKeyOf(null, folder, randomSecrets);
    expect(first).toMatchObject({ made: true, secret: expect.stringMatching(/^cairn_[0-9A-Za-z]{43}$/) });
    expect(statSync(join(folder, "root-key")).mode & 0o777).toBe(0o600);
    expect(rootKeyOf(null, folder, randomSecrets)).toMatchObject({ made: false, secret: first.secret });
  });

  it("prefers the environment's key and writes nothing", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "cairn-")), "data");
    const given = "a-key-of-the-environment";
    expect(rootKeyOf(given, folder, randomSecrets)).toEqual({ secret: given, made: false, file: null });
    expect(() => statSync(folder)).toThrow();
  });
});
