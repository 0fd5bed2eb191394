import type { Measurement } from "./row.ts";

const HEADINGS = ["row", "measured", "baseline", "ratio", "floor", ""] as const;

/** The table, its columns as wide as they must be. */
export function tableOf(measurements: readonly Measurement[]): string {
  const lines = measurements.map((one) => [
    ...[one.row, one.measured, one.baseline, one.ratio, one.floor],
    one.held === null ? "" : one.held ? "held" : "NOT HELD",
  ]);
  const all = [[...HEADINGS], ...lines];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((line) => (line[column] as string).length)));
  return all
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
