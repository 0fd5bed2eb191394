import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    environment: "node",
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // A busy machine may take seconds for what one at rest does at once.
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
  },
});
