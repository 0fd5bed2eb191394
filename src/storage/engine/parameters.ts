import type { Value } from "./session.ts";

/** Collects a statement's parameters while its text is composed. */
export class Parameters {
  readonly values: Value[] = [];

  /** Adds a value and answers its placeholder with a cast, such as `$3::integer`. */
  add(value: Value, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** Adds a text array. */
  addTexts(texts: readonly string[], type = "text[]"): string {
    const quoted = texts.map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
    return this.add(`{${quoted.join(",")}}`, type);
  }
}
