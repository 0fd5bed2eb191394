import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

const banned = [
  ["domain", "pg"],
  ["domain", "node:crypto"],
  ["domain", "../usecases/thing.ts"],
  ["domain", "../../gen/server/cairn/v1/memory_pb.ts"],
  ["usecases", "../storage/thing.ts"],
  ["usecases", "../rpc/thing.ts"],
  ["usecases", "@connectrpc/connect"],
  ["storage", "../usecases/thing.ts"],
  ["storage", "../../gen/server/cairn/v1/memory_pb.ts"],
  ["embedding", "../rpc/thing.ts"],
  ["rpc", "../storage/thing.ts"],
  ["rpc", "pg"],
  ["rpc", "../app.ts"],
  ["gateway", "../domain/thing.ts"],
  ["gateway", "../../gen/server/cairn/v1/memory_pb.ts"],
  ["compat/trustpager", "../../usecases/thing.ts"],
  ["compat/trustpager", "../../domain/thing.ts"],
  ["server", "../domain/thing.ts"],
  ["server", "../storage/thing.ts"],
  ["server", "../app.ts"],
] as const;

const allowed = [
  ["domain", "./thing.ts"],
  ["usecases", "../domain/thing.ts"],
  ["storage", "../domain/thing.ts"],
  ["storage", "pg"],
  ["rpc", "../usecases/thing.ts"],
  ["rpc", "../../gen/server/cairn/v1/memory_pb.ts"],
  ["gateway", "@bufbuild/protobuf"],
  ["compat/trustpager", "../../../gen/server/cairn/v1/memory_pb.ts"],
  ["server", "@connectrpc/connect"],
] as const;

describe("the linter", () => {
  let folder: string;
  let refused: Set<string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "cairn-imports-"));
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    for (const [layer, specifier] of [...banned, ...allowed]) {
      const file = join(folder, fileOf(layer, specifier));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `import { thing } from "${specifier}";\n\nexport const other = thing;\n`);
    }
    writeFileSync(join(folder, "src/rpc/uses-process.ts"), "export const argv = process.argv;\n");
    writeFileSync(join(folder, "src/main.ts"), "export const argv = process.argv;\n");
    const { stdout } = spawnSync(
      join(root, "node_modules/.bin/biome"),
      [
        "lint",
        "--reporter=json",
        "--max-diagnostics=none",
        "--only=style/noRestrictedImports",
        "--only=style/noRestrictedGlobals",
      ],
      { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { location: { path: string | { file: string } } }[] };
    const paths = diagnostics.map(({ location: { path } }) => (typeof path === "string" ? path : path.file));
    refused = new Set(paths.map((path) => path.replace(`${folder}/`, "")));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(banned)("refuses that %s imports %s", (layer, specifier) => {
    expect(refused).toContain(fileOf(layer, specifier));
  });

  it.each(allowed)("lets %s import %s", (layer, specifier) => {
    expect(refused).not.toContain(fileOf(layer, specifier));
  });

  it("lets main.ts alone touch process", () => {
    expect(refused).toContain("src/rpc/uses-process.ts");
    expect(refused).not.toContain("src/main.ts");
  });
});

function fileOf(layer: string, specifier: string): string {
  return `src/${layer}/from-${specifier.replace(/[^a-z0-9]+/g, "-")}.ts`;
}
