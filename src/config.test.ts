import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadConfig, VARIABLES } from "./config.ts";

/** Records which variables are read, and answers none of them. */
function namesRead(): string[] {
  const names: string[] = [];
  loadConfig(
    new Proxy<Record<string, string>>(
      {},
      {
        get: (_, name) => {
          names.push(String(name));
          return undefined;
        },
      },
    ),
  );
  return names;
}

describe("loadConfig()", () => {
  it("serves on the embedded database where nothing is set", () => {
    expect(loadConfig({})).toMatchObject({ port: 8080, databaseUrl: null, dataDir: ".cairn", rootKeys: [] });
  });

  it("reports every fault at once and repeats no secret", () => {
    const env = {
      PORT: "eighty",
      DATABASE_URL: "mysql://x",
      CAIRN_ROOT_KEY: "short",
      LOG_LEVEL: "loud",
      TLS_KEY_FILE: "k",
    };
    expect(() => loadConfig(env)).toThrow(
      /PORT must be .*DATABASE_URL must be .*CAIRN_ROOT_KEY must be .*LOG_LEVEL must be .*TLS_CERT_FILE goes with/,
    );
    expect(() => loadConfig(env)).not.toThrow(/short/);
  });

  it("takes several root keys, and says which of them is wrong without repeating it", () => {
    const [one, other] = ["a".repeat(20), "b".repeat(200)];
    expect(loadConfig({ CAIRN_ROOT_KEY: `${one}, ${other}` }).rootKeys).toEqual([one, other]);
    for (const wrong of ["", "b c".repeat(10), "short", "x".repeat(201)]) {
      const load = () => loadConfig({ CAIRN_ROOT_KEY: `${one},${wrong}` });
      expect(load).toThrow("CAIRN_ROOT_KEY must be 20 to 200 visible ASCII characters each, and value 2 of 2 is not");
      if (wrong !== "") expect(load).not.toThrow(wrong);
    }
    expect(() => loadConfig({ CAIRN_ROOT_KEY: "," })).toThrow("value 1 of 2 is not");
  });

  it("needs a model's folder where a model is to be loaded", () => {
    const env = { EMBEDDING_PROVIDER: "transformers" };
    expect(() => loadConfig(env)).toThrow("CAIRN_MODEL_DIR is needed by EMBEDDING_PROVIDER=transformers");
    expect(loadConfig({ ...env, CAIRN_MODEL_DIR: "/models/mini" }).embedding).toMatchObject({
      modelDir: "/models/mini",
    });
    expect(() => loadConfig({ EMBEDDING_PROVIDER: "hash" })).toThrow(
      "EMBEDDING_PROVIDER must be one of static, openai, transformers, none",
    );
  });

  it("freezes what it returns", () => {
    expect(Object.isFrozen(loadConfig({}).limits)).toBe(true);
  });

  it("describes exactly the variables that it reads, with their true defaults", () => {
    expect(Object.keys(VARIABLES).toSorted()).toEqual([...new Set(namesRead())].toSorted());
    const spelledOut = Object.fromEntries(Object.entries(VARIABLES).map(([name, one]) => [name, one.default]));
    expect(loadConfig(spelledOut)).toEqual(loadConfig({}));
  });

  it("has its table in the README, line for line", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    for (const [name, { default: value, meaning }] of Object.entries(VARIABLES)) {
      expect(readme).toContain(`| \`${name}\` | ${value === "" ? "" : `\`${value}\``} | ${meaning} |`);
    }
  });
});
