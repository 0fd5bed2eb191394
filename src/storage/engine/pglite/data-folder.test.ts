import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePrivate, openDataFolder } from "./data-folder.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("openDataFolder()", () => {
  let base: string;
  let warnings: string[];
  const open = (path: string) => openDataFolder(path, (warning) => warnings.push(warning));
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "cairn-folder-"));
    warnings = [];
  });
  afterEach(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it("makes a folder that its owner alone may enter, and those above it", () => {
    const folder = join(base, "a", "b");
    open(folder);
    open(folder);
    expect([modeOf(folder), modeOf(join(base, "a")), warnings]).toEqual([0o700, 0o700, []]);
  });

  it("closes a folder of Cairn's that is open to others, and says so once", () => {
    chmodSync(base, 0o755);
    mkdirSync(join(base, "pglite"), { mode: 0o755 });
    open(base);
    open(base);
    makePrivate(join(base, "pglite"));
    expect([modeOf(base), modeOf(join(base, "pglite"))]).toEqual([0o700, 0o700]);
    expect(warnings).toEqual([`the data folder ${base} was open to other users (mode 755): it has mode 700 now`]);
  });

  it("leaves a folder that holds more than Cairn's as it is, and warns", () => {
    chmodSync(base, 0o755);
    writeFileSync(join(base, "another's"), "");
    open(base);
    expect(modeOf(base)).toBe(0o755);
    expect(warnings).toEqual([
      expect.stringMatching(/is open to other users \(mode 755\), which Cairn leaves as it is/),
    ]);
  });

  it("leaves a temporary folder of everybody's open", () => {
    chmodSync(base, 0o1777);
    open(base);
    expect([statSync(base).mode & 0o7777, warnings.length]).toEqual([0o1777, 1]);
  });

  it("says in one line why there can be none", () => {
    writeFileSync(join(base, "file"), "");
    symlinkSync(join(base, "nowhere"), join(base, "dangling"));
    symlinkSync(join(base, "circle"), join(base, "circle"));
    const problems = {
      [join(base, "file")]: "it, or what is above it, is a file",
      [join(base, "file", "below")]: "it, or what is above it, is a file",
      [join(base, "dangling")]: "it is a symbolic link that leads nowhere",
      [join(base, "dangling", "below")]: "a symbolic link above it leads nowhere",
      [join(base, "circle")]: "its symbolic links go in a circle",
      [join(base, "x".repeat(300))]: "its path is too long",
      [`/${"y/".repeat(3000)}`]: "its path is too long",
      ...(process.platform === "linux" ? { "/proc/x": "no folder can be made there" } : {}),
    };
    for (const [folder, problem] of Object.entries(problems)) {
      expect(() => open(folder), folder).toThrow(`: ${problem}; choose another CAIRN_DATA_DIR`);
    }
    expect(readdirSync(base).sort()).toEqual(["circle", "dangling", "file"]);
  });

  it.skipIf(process.geteuid?.() !== 0)("says that this user may not write there", () => {
    chmodSync(base, 0o755);
    process.seteuid!(65_534);
    try {
      expect(() => open(join(base, "missing"))).toThrow(": this user may not read and write there; choose another");
    } finally {
      process.seteuid!(0);
    }
  });
});
