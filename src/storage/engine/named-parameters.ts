import type { Value } from "./session.ts";

/** Parameters of a prepared statement by name; they are numbered in the order in which their types are given. */
export class NamedParameters<Name extends string> {
  /** Each one's placeholder with its cast, such as `$3::uuid`. */
  readonly at: Readonly<Record<Name, string>>;
  readonly #names: readonly Name[];

  constructor(types: Readonly<Record<Name, string>>) {
    this.#names = Object.keys(types) as Name[];
    this.at = Object.fromEntries(this.#names.map((name, i) => [name, `$${i + 1}::${types[name]}`])) as Record<
      Name,
      string
    >;
  }

  /** The values in the placeholders' order; what a larger record holds beside them is left out. */
  values(of: Readonly<Partial<Record<Name, Value>>>): Value[] {
    return this.#names.map((name) => {
      const value = of[name];
      if (value === undefined) {
        throw new TypeError(`the statement's parameter ${name} has no value`);
      }
      return value;
    });
  }
}
