import { bufGenerate } from "./run-tool.ts";
import type { Target } from "./target.ts";

/** The TypeScript client; its plugin is one of npm's packages. */
export const typescript: Target = {
  name: "ts",
  folders: ["gen/ts/src/gen"],
  instant: true,
  install: async () => {},
  generate: (base) => bufGenerate("buf.gen.ts.yaml", base),
};
