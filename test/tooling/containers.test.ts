import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { VARIABLES } from "../../src/config.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

interface Service {
  image?: string;
  build?: string;
  environment: Record<string, string>;
  volumes: string[];
  healthcheck: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

describe("compose.yaml", () => {
  const compose: { services: Record<string, Service>; volumes: Record<string, null> } = parse(read("compose.yaml"));
  const { postgres, cairn } = compose.services;

  it("runs Cairn on a Postgres with pgvector, and only once that is healthy", () => {
    expect(postgres?.image).toBe("pgvector/pgvector:pg17");
    expect(cairn?.build).toBe(".");
    expect(cairn?.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
    expect(postgres?.healthcheck.test.length).toBeGreaterThan(0);
    expect(cairn?.healthcheck.test.slice(0, 3)).toEqual(["CMD", "node", "-e"]);
    expect(() => new Function(cairn?.healthcheck.test[3] ?? "(")).not.toThrow();
    expect(cairn?.healthcheck.test[3]).toContain("/readyz");
  });

  it("sets no variable that the server does not know", () => {
    expect(Object.keys(cairn?.environment ?? {}).filter((name) => !(name in VARIABLES))).toEqual([]);
  });

  it("gives the server the user, password and database that Postgres is made with", () => {
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = postgres?.environment ?? {};
    expect(cairn?.environment.DATABASE_URL).toBe(
      `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}`,
    );
  });

  it("keeps every volume that a service mounts", () => {
    const mounted = Object.values(compose.services).flatMap((service) =>
      service.volumes.map((volume) => volume.split(":")[0]),
    );
    expect(mounted.sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});

describe("Dockerfile", () => {
  const instructions = read("Dockerfile").replace(/\\\n/g, " ").split("\n");
  const argumentsOf = (name: string) =>
    instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

  it("runs the launcher as another user than root, with a check of its health", () => {
    expect(argumentsOf("ENTRYPOINT")).toEqual(['["node", "bin/cairn.mjs"]']);
    expect(argumentsOf("USER")).toEqual(["node"]);
    expect(read("Dockerfile")).toMatch(/HEALTHCHECK[\s\S]*\/readyz/);
  });

  it("copies only what the repository has and .dockerignore lets through", () => {
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    for (const path of ["bin", "src", "gen/server", "package.json", "package-lock.json"]) {
      expect(allowed).toContain(path);
      expect(existsSync(join(root, path)), path).toBe(true);
    }
  });

  it("sets no variable that the server does not know", () => {
    const names = argumentsOf("ENV").flatMap((line) => [...line.matchAll(/(\w+)=/g)].map((match) => match[1] ?? ""));
    expect(names.filter((name) => name !== "NODE_ENV" && !(name in VARIABLES))).toEqual([]);
  });
});
