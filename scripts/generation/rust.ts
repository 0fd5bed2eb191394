import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedTools } from "./pinned-tools.ts";
import { bufGenerate, runTool, toolFolder } from "./run-tool.ts";
import { rustMethods } from "./rust-methods.ts";
import { describedServices } from "./service-description.ts";
import type { Target } from "./target.ts";

const plugins = ["protoc-gen-prost@0.5.0", "protoc-gen-tonic@0.5.0"];

/** The Rust client: messages, tonic's stubs, and a method of our own for each RPC. Needs cargo. */
export const rust: Target = {
  name: "rust",
  folders: ["gen/rust/src/gen"],
  instant: false,
  install: () =>
    pinnedTools("rust", plugins, async (folder) => {
      const build = join(toolFolder, "rust-build");
      await runTool("cargo", ["--version"]).catch(() => {
        throw new Error("cargo is missing: install Rust 1.89 or newer (https://rustup.rs) and put it on PATH");
      });
      // Unoptimised, which they build in half the time and generate no slower.
      await runTool("cargo", ["install", "--quiet", "--debug", "--locked", "--root", folder, ...plugins], {
        env: { CARGO_TARGET_DIR: build, CARGO_PROFILE_DEV_DEBUG: "0" },
      });
      rmSync(build, { recursive: true, force: true });
    }),
  generate: async (base) => {
    await bufGenerate("buf.gen.rust.yaml", base);
    const methods = rustMethods(await describedServices());
    writeFileSync(join(base, "gen/rust/src/gen/cairn/v1/cairn.v1.methods.rs"), methods);
  },
};
