import { describe, expect, it } from "vitest";
import { postgresUrl } from "../app/engines.ts";
import { differences, measured } from "./measured.ts";

/**
 * A folder with LoCoMo's conversations, one JSON file each (Maharana et al. 2024, snap-research/locomo). Its licence, CC BY-NC 4.0,
 * keeps it out of this project: the suite runs only where the variable names a copy.
 */
const folder = process.env.CAIRN_LOCOMO_DIR ?? "";
const LONG_MS = 1_200_000;

const GATES = {
  "semantic off": { 10: 0.58 },
  "hybrid off": { 5: 0.6, 10: 0.7 },
  "hybrid on": { 5: 0.69, 10: 0.76 },
} as const;

const engines = postgresUrl === undefined ? (["pglite"] as const) : (["pglite", "postgres"] as const);

describe.skipIf(folder === "")("recall on LoCoMo", () => {
  describe.each(engines)("on %s", (engine) => {
    it.each(Object.entries(GATES))(
      "%s passes its gates",
      async (name, gates) => {
        const { recall } = (await measured(engine, folder))[name]!;
        for (const [depth, gate] of Object.entries(gates)) {
          expect(recall[Number(depth) as 5 | 10], `R@${depth}`).toBeGreaterThanOrEqual(gate);
        }
      },
      LONG_MS,
    );
  });

  it.skipIf(postgresUrl === undefined)(
    "is the same on both engines",
    async () => {
      expect(differences(await measured("pglite", folder), await measured("postgres", folder))).toEqual([]);
    },
    LONG_MS,
  );
});
