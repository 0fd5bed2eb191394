import { defineConfig } from "vitest/config";
import { postgresSuites } from "./scripts/postgres/suites.ts";

/** Suites that start processes, time things or hold what there is once on a machine: each in a process of its own. */
const slow = [
  "src/domain/ranking/slices.test.ts",
  "src/embedding/transformers/onnx-thread.test.ts",
  "test/{browser,cli,expiry,interop,tooling,transformers}/**/*.test.ts",
  "test/bad-input/start-up.test.ts",
  "test/api/buf-curl.test.ts",
  "test/embeddings/{command-line,crash}.test.ts",
  "test/listener/{deadline,first-bytes,http2-connection,reset,shutdown,slow-reader,strangers}.test.ts",
  "test/process/full-disk.test.ts",
  "test/retrieval/eval.test.ts",
  "test/search/odd-queries.test.ts",
  "test/store/{data-folder-lock,maintenance,open}.test.ts",
];
const onDatabases = postgresSuites(import.meta.dirname);
const databases = { globalSetup: "test/app/drop-databases.ts" };
const everything = ["src/**/*.test.ts", "test/**/*.test.ts"];

/** Workers of `unit` and `database` stay for many files, so that each loads the sources and the embedded engine once. */
export default defineConfig({
  test: {
    environment: "node",
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // A busy machine may take seconds for what one at rest does at once.
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    reporters: ["default", "./scripts/slowest-tests.ts"],
    projects: [
      {
        extends: true,
        test: { name: "unit", include: everything, exclude: [...slow, ...onDatabases], isolate: false },
      },
      { extends: true, test: { name: "database", include: onDatabases, exclude: slow, isolate: false, ...databases } },
      { extends: true, test: { name: "slow", include: slow, ...databases } },
    ],
  },
});
