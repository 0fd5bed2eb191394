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

  it.each(["1e3", "0x10", " 5 ", "-1", "+5", "5.0", "080", "٥", "5_000", "NaN", "Infinity", "true", "9".repeat(16)])(
    "takes %j for no number, in any variable of one",
    (value) => {
      const numbers = Object.keys(VARIABLES).filter((name) => /^\d+$/.test(VARIABLES[name]!.default));
      expect(numbers).toContain("PORT");
      for (const name of numbers) {
        expect(() => loadConfig({ [name]: value })).toThrow(
          new RegExp(`: ${name} must be a whole number from \\d+ to \\d+$`),
        );
      }
    },
  );

  it.each([
    ["PORT", "65536"],
    ["HOST", "http://localhost"],
    ["HOST", "localhost:8080"],
    ["HOST", "[::1]"],
    ["HOST", " "],
    ["HOST", "two words"],
    ["DATABASE_URL", "localhost/cairn"],
    ["DATABASE_URL", "postgres:cairn"],
    ["DATABASE_URL", "postgres://h:99999/cairn"],
    ["DATABASE_URL", " postgres://h/cairn"],
    ["DATABASE_URL", "postgres://u:%zz@h/cairn"],
    ["DATABASE_URL", "https://h/cairn"],
    ["EMBEDDING_URL", "ftp://h/v1"],
    ["EMBEDDING_URL", "http://user:secret@h/v1"],
    ["EMBEDDING_URL", "http://h/v1#part"],
    ["EMBEDDING_URL", "http://h/v1?key=secret"],
    ["EMBEDDING_URL", "h/v1"],
    ["EMBEDDING_API_KEY", "two words"],
    ["EMBEDDING_API_KEY", "secret\nX-Other: 1"],
    ["EMBEDDING_MODEL", " "],
    ["EMBEDDING_MODEL", "a\nb"],
    ["CAIRN_DATA_DIR", " "],
    ["CAIRN_DATA_DIR", "memory://"],
    ["CAIRN_DATA_DIR", "file:///var/lib/cairn"],
    ["CAIRN_MODEL_DIR", " "],
    ["CAIRN_MODEL_DIR", "https://h/model"],
    ["TLS_CERT_FILE", " "],
    ["LOG_LEVEL", "INFO"],
    ["LOG_LEVEL", " info"],
    ["EMBEDDING_PROVIDER", "Static"],
    ["EMBEDDING_ACTIVATION", "yes"],
    ["CORS_ORIGINS", "http://x/y,foo"],
    ["CORS_ORIGINS", "http://x/"],
    ["CORS_ORIGINS", "https://x:443"],
    ["CORS_ORIGINS", "HTTPS://X"],
    ["CORS_ORIGINS", "https://bücher.example"],
    ["CORS_ORIGINS", "https://user:secret@x"],
    ["CORS_ORIGINS", "https://*.example.com"],
    ["CORS_ORIGINS", "https://x:99999"],
    ["CORS_ORIGINS", "null"],
    ["CORS_ORIGINS", "x.example.com"],
    ["CORS_ORIGINS", "https://a b"],
  ])("refuses %s=%j, and repeats no secret", (variable, value) => {
    const load = () =>
      loadConfig({ [variable]: value, TLS_KEY_FILE: variable === "TLS_CERT_FILE" ? "key.pem" : undefined });
    expect(load).toThrow(new RegExp(`^bad configuration: ${variable} `));
    expect(load).not.toThrow(/secret|%zz/);
  });

  it("says what an origin looks like, and which are none", () => {
    expect(() => loadConfig({ CORS_ORIGINS: "https://good.example, http://x/y,foo" })).toThrow(
      /^bad configuration: CORS_ORIGINS must be `\*` or origins such as https:\/\/app\.example\.com.*; not http:\/\/x\/y, foo$/,
    );
    const origins = [
      "https://app.example.com",
      "http://localhost:3000",
      "http://[::1]:3000",
      "capacitor://localhost",
      "*",
    ];
    expect(loadConfig({ CORS_ORIGINS: `${origins.join(" , ")},` }).corsOrigins).toEqual(origins);
  });

  it.each([
    ["DATABASE_URL", "postgres://u:p%40ss@h:5432/cairn?sslmode=require"],
    ["DATABASE_URL", "postgresql:///cairn?host=/var/run/postgresql"],
    ["HOST", "::"],
    ["HOST", "localhost"],
    ["HOST", "fe80::1%eth0"],
    ["EMBEDDING_URL", "http://localhost:11434/v1/"],
    ["EMBEDDING_MODEL", "BAAI/bge small"],
    ["CAIRN_DATA_DIR", "C:\\cairn data"],
    ["PORT", "0"],
  ])("takes %s=%j", (variable, value) => {
    expect(() => loadConfig({ [variable]: value })).not.toThrow();
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
