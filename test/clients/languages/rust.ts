import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientLanguage } from "../client-language.ts";

const repository = join(import.meta.dirname, "../../..");
const runner = "test/clients/rust";
const target = join(repository, ".cache/clients/rust");
// One folder for runner and newcomer, so that dependencies are compiled once; no debug information, which halves the time.
const env = { CARGO_TARGET_DIR: target, CARGO_PROFILE_DEV_DEBUG: "0", CARGO_TERM_COLOR: "never" };

// The lints of one release, where rustup can choose: the next one has others.
const pinned = { ...env, RUSTUP_TOOLCHAIN: "1.95.0" };
const packages = ["--package", "cairn-memory", "--package", "scenario"];
const clippy = [
  "cargo",
  "clippy",
  "--quiet",
  "--locked",
  "--all-targets",
  ...packages,
  "--",
  "-D",
  "warnings",
] as const;

const manifest = `[package]
name = "newcomer"
version = "0.1.0"
edition = "2021"
`;

/** The Rust client, on tonic. */
export const rust: ClientLanguage = {
  name: "rust",
  wires: ["grpc"],
  stormWire: "grpc",
  build: [
    { argv: ["cargo", "fmt", "--check"], cwd: "gen/rust", env: pinned },
    { argv: ["cargo", "fmt", "--check"], cwd: runner, env: pinned },
    { argv: clippy, cwd: runner, env: pinned },
    { argv: ["cargo", "build", "--quiet", "--locked"], cwd: runner, env },
    { argv: ["cargo", "test", "--quiet", "--locked", "--lib", "--package", "cairn-memory"], cwd: runner, env },
    { argv: ["cargo", "test", "--quiet", "--locked", "--test", "misfortune"], cwd: runner, env },
  ],
  runner: { argv: [join(target, "debug/scenario")] },
  stranger: {
    readme: "gen/rust/README.md",
    fence: "rust",
    file: "src/main.rs",
    // The runner's lock file keeps the versions that are compiled already.
    files: () => ({
      "Cargo.toml": manifest,
      "Cargo.lock": readFileSync(join(repository, runner, "Cargo.lock"), "utf8"),
    }),
    install: (root) => [
      { argv: ["cargo", "add", "--quiet", "--path", join(root, "gen/rust")], env },
      { argv: ["cargo", "add", "--quiet", "tokio", "--features", "macros,rt-multi-thread"], env },
    ],
    run: { argv: ["cargo", "run", "--quiet"], env },
  },
};
