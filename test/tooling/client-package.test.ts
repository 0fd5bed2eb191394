import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const source = join(root, "gen/ts");

describe("the TypeScript client, packed and installed", () => {
  let project: string;
  let installed: string;

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "cairn-client-"));
    execFileSync("npm", ["pack", "--silent", "--pack-destination", project], { cwd: source });
    const archive = readdirSync(project).find((file) => file.endsWith(".tgz")) ?? "";
    execFileSync("tar", ["-xzf", archive], { cwd: project });
    installed = join(project, "node_modules/@cairn-memory/client");
    mkdirSync(join(project, "node_modules/@cairn-memory"), { recursive: true });
    renameSync(join(project, "package"), installed);
    for (const scope of ["@bufbuild", "@connectrpc"]) {
      symlinkSync(join(root, "node_modules", scope), join(project, "node_modules", scope));
    }
    writeFileSync(join(project, "package.json"), '{"type":"module"}');
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("has the name and version that the project gives it", () => {
    const { name, version, license } = manifest(installed);
    const names = JSON.parse(readFileSync(join(root, "gen/packages.json"), "utf8"));
    expect({ name, version, license }).toEqual({
      name: names.npm,
      version: manifest(root).version,
      license: "Apache-2.0",
    });
  });

  it("loads in Node without a build and holds every native service", () => {
    const services = readdirSync(join(root, "proto/cairn/v1"))
      .flatMap((file) => [...readFileSync(join(root, "proto/cairn/v1", file), "utf8").matchAll(/^service (\w+)/gm)])
      .map((match) => match[1] ?? "");
    writeFileSync(
      join(project, "load.mjs"),
      `import * as client from "@cairn-memory/client";
       import { createClient, createRouterTransport } from "@connectrpc/connect";
       const transport = createRouterTransport(() => {});
       for (const name of ${JSON.stringify(services)}) {
         const service = createClient(client[name], transport);
         console.log(name, Object.keys(service).length > 0, client[name].typeName);
       }`,
    );
    const lines = execFileSync(process.execPath, ["load.mjs"], { cwd: project, encoding: "utf8" }).trim().split("\n");
    expect(lines).toEqual(services.map((name) => `${name} true cairn.v1.${name}`));
    expect(services.length).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ["nodenext", "nodenext"],
    ["node16", "node16"],
    ["esnext", "bundler"],
  ])("type-checks strictly where a project of module %s, resolution %s uses it", (module, resolution) => {
    writeFileSync(
      join(project, "use.ts"),
      `import { Cairn, CairnError, ErrorInfoSchema, MemoryService, type Memory, Outcome } from "@cairn-memory/client";
       import { type Client, ConnectError } from "@connectrpc/connect";
       export async function first(cairn: Cairn): Promise<string | undefined> {
         for await (const { memory } of cairn.search("tea")) return memory?.content;
       }
       export const isGone = (error: unknown): boolean => error instanceof CairnError && error.reason === "MEMORY_NOT_FOUND";
       // @ts-expect-error: there is no such reason
       export const wrongReason = (error: CairnError): boolean => error.reason === "MEMORY_NOT_FUND";
       export async function write(client: Client<typeof MemoryService>): Promise<Memory | undefined> {
         const { memory, outcome } = await client.writeMemory({ memory: { kind: "note", content: "x", tags: ["a"] } });
         const known: boolean = outcome === Outcome.CREATED;
         return known ? memory : undefined;
       }
       export const reason = (error: unknown): string | undefined => ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason;
       // @ts-expect-error: a write needs an object
       export const wrong = (client: Client<typeof MemoryService>) => client.writeMemory({ memory: "text" });`,
    );
    const flags = [
      "--strict",
      "--noEmit",
      "--module",
      module,
      "--moduleResolution",
      resolution,
      "--target",
      "es2022",
      "--lib",
      "es2022,dom",
      "--types",
      "",
    ];
    expect(() =>
      execFileSync(join(root, "node_modules/.bin/tsc"), [...flags, "use.ts"], { cwd: project, encoding: "utf8" }),
    ).not.toThrow();
  });

  it("has a property for every native service", async () => {
    const client = await import(join(installed, "dist/index.js"));
    const cairn = new client.Cairn({ url: "http://127.0.0.1:1" });
    const properties = Object.getOwnPropertyNames(client.Cairn.prototype).map((name) => cairn[name]);
    const services = Object.values(client).filter((one) => (one as { kind?: string }).kind === "service");
    expect(services.length).toBeGreaterThanOrEqual(5);
    expect(services.filter((service) => !properties.includes(cairn.service(service)))).toEqual([]);
    cairn.close();
  });

  it("says its own version to the server", async () => {
    const { VERSION } = await import(join(installed, "dist/client/version.js"));
    expect(VERSION).toBe(manifest(installed).version);
  });

  it("names no package of options or validation rules", () => {
    const files = ["dist", "generated"].flatMap((folder) =>
      readdirSync(join(installed, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    );
    const text = files
      .filter((file) => /\.(js|ts)$/.test(file))
      .map((file) => readFileSync(join(installed, file), "utf8"))
      .join("\n");
    const imported = [...text.matchAll(/from "([^"]+)"/g)]
      .map((match) => match[1] ?? "")
      .filter((name) => !/^(\.|#|node:)/.test(name));
    const packages = imported.map((name) => name.split("/").slice(0, 2).join("/"));
    expect([...new Set(packages)].sort()).toEqual(Object.keys(manifest(installed).dependencies));
  });
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
