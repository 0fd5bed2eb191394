import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnEngines } from "../app/engines.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";

const run = promisify(execFile);
const BUF = join(import.meta.dirname, "../../node_modules/.bin/buf");

/** A foreign tool that knows the contract by server reflection alone. */
describeOnEngines("buf curl", (engine) => {
  let app: ServedApp;
  const curl = async (...args: string[]) => {
    const { stdout } = await run(BUF, ["curl", "--http2-prior-knowledge", ...args]);
    return stdout;
  };
  const call = (protocol: string, method: string, body: object) => {
    const key = `authorization: Bearer ${app.rootKey}`;
    const url = `${app.url}/cairn.v1.MemoryService/${method}`;
    return curl("--protocol", protocol, "-H", key, "-d", JSON.stringify(body), url);
  };

  beforeAll(async () => {
    app = await serveApp(engine);
  });
  afterAll(() => app.close());

  it("lists the methods", async () => {
    expect(await curl("--list-methods", app.url)).toContain("cairn.v1.MemoryService/Search\n");
  });

  it.each(["grpc", "connect", "grpcweb"])("writes, and streams a search, over %s", async (protocol) => {
    const content = `A stone that marks the way of ${protocol}.`;
    const written = JSON.parse(
      await call(protocol, "WriteMemory", { memory: { kind: "fact", key: protocol, content } }),
    );
    expect(written).toMatchObject({ outcome: "OUTCOME_CREATED", memory: { content } });
    const answers = await call(protocol, "Search", { query: `the way of ${protocol}` });
    expect(answers).toMatch(/^\{\s*"result": \{\s*"rank": 1,/);
    expect(answers.indexOf('"summary"')).toBeGreaterThan(answers.indexOf(content));
  });
});
