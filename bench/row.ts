/** What one line of the table says. */
export interface Measurement {
  readonly row: string;
  /** With its unit, such as `3,120 /s`. */
  readonly measured: string;
  /** What it is held against in the same run, with its unit; empty where the floor is absolute. */
  readonly baseline: string;
  /** `measured` to `baseline`, or the difference; empty where the floor is absolute. */
  readonly ratio: string;
  /** Such as `≥ 0.7`; empty where the line only explains another. */
  readonly floor: string;
  /** Null where there is no floor. */
  readonly held: boolean | null;
  /** Does not depend on speed, so that a smoke run is judged by it too. */
  readonly certain?: boolean;
}

/** How much to measure: `smoke` shows within seconds that a row can be measured at all. */
export interface Scale {
  readonly smoke: boolean;
  /** A million memories instead of a hundred thousand. */
  readonly million: boolean;
}

export interface Row {
  /** For `--only`. */
  readonly name: string;
  readonly claim: string;
  measure(scale: Scale): Promise<readonly Measurement[]>;
}

/** `1234.5` → `1,235`; small numbers keep digits that tell. */
export function figure(value: number, digits = value < 10 ? 2 : value < 100 ? 1 : 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
