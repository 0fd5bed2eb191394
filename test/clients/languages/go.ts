import { join } from "node:path";
import type { ClientLanguage } from "../client-language.ts";

const runner = ".cache/clients/go/runner";

/** cairn-go over all that connect-go speaks, and grpc-go's stubs from their own module. */
export const go: ClientLanguage = {
  name: "go",
  wires: ["connect", "connect-json", "grpc", "grpc-web", "grpc-go"],
  stormWire: "grpc",
  build: [
    { argv: ["gofmt", "-d", "gen/go", "test/clients/go", "scripts/generation/go-plugins"] },
    { argv: ["go", "vet", "./..."], cwd: "gen/go" },
    { argv: ["go", "vet", "./..."], cwd: "gen/go/grpc" },
    { argv: ["go", "vet", "."], cwd: "test/clients/go" },
    { argv: ["go", "test", "./..."], cwd: "gen/go" },
    { argv: ["go", "test", "./..."], cwd: "gen/go/grpc" },
    { argv: ["go", "build", "-o", join("../../..", runner), "."], cwd: "test/clients/go" },
  ],
  runner: { argv: [`./${runner}`] },
  stranger: {
    readme: "gen/go/README.md",
    fence: "go",
    file: "main.go",
    install: (repository) => [
      { argv: ["go", "mod", "init", "example"] },
      {
        argv: ["go", "mod", "edit", "-replace", `github.com/cairn-memory/cairn-go=${join(repository, "gen/go")}`],
      },
      { argv: ["go", "mod", "tidy"] },
    ],
    run: { argv: ["go", "run", "."] },
  },
};
