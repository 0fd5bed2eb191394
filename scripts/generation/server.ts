import { join } from "node:path";
import { bufGenerate, runTool } from "./run-tool.ts";
import type { Target } from "./target.ts";

/** Our own server's code, unstripped, as the gateway, validation and reflection read the options. */
export const server: Target = {
  name: "server",
  folders: ["gen/server", "test/conformance/gen"],
  instant: true,
  install: async () => {},
  generate: async (base) => {
    await bufGenerate("buf.gen.yaml", base);
    await bufGenerate("test/conformance/buf.gen.yaml", base);
  },
};

/** The REST interface as a document. Reads gen/server, so it comes after it. */
export const openapi: Target = {
  name: "openapi",
  folders: ["gen/openapi"],
  instant: true,
  install: async () => {},
  generate: async (base) => {
    await runTool(process.execPath, ["scripts/openapi.ts", join(base, "gen/openapi")]);
  },
};
