import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    environment: "node",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What a poll waits for comes at once on a machine at rest, and may take seconds on a busy one.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
