import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** `npm run test:crash`: apart from `npm test`, as its rounds take minutes and kill what they start. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/crash/**/*.crash.ts"],
    environment: "node",
    reporters: ["default", "./scripts/slowest-tests.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
