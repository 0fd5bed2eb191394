export interface ConfigFault {
  readonly variable: string;
  readonly problem: string;
}

/** Every fault of the environment in one message. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(`bad configuration: ${faults.map((fault) => `${fault.variable} ${fault.problem}`).join("; ")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** Reads typed values out of an environment and gathers what is wrong with them. An empty variable counts as absent. */
export class EnvReader {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #faults: ConfigFault[] = [];

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  fault(variable: string, problem: string): void {
    this.#faults.push({ variable, problem });
  }

  text(variable: string, fallback: string): string {
    return this.#raw(variable) ?? fallback;
  }

  list(variable: string): string[] {
    const items = this.text(variable, "").split(",");
    return items.map((item) => item.trim()).filter((item) => item !== "");
  }

  /** A file or folder, which need not exist. */
  path(variable: string, fallback: string): string {
    return this.matching(variable, /^(?!\w{2,}:\/\/)(?!\s*$)/, "must be a path, not a URL and not blank") ?? fallback;
  }

  integer(variable: string, fallback: number, least: number, most: number): number {
    const raw = this.#raw(variable);
    if (raw === undefined) {
      return fallback;
    }
    const value = /^(0|[1-9]\d{0,14})$/.test(raw) ? Number(raw) : Number.NaN;
    if (!(value >= least && value <= most)) {
      this.fault(variable, `must be a whole number from ${least} to ${most}`);
      return fallback;
    }
    return value;
  }

  oneOf<T extends string>(variable: string, values: readonly T[], fallback: T): T {
    const raw = this.#raw(variable);
    const value = raw === undefined ? fallback : values.find((known) => known === raw);
    if (value === undefined) {
      this.fault(variable, `must be one of ${values.join(", ")}`);
      return fallback;
    }
    return value;
  }

  /** A URL with one of the protocols, as it is written; `isGood` may ask for more. The value is not repeated in the fault. */
  url(variable: string, protocols: readonly string[], example: string, isGood: (url: URL) => boolean): string | null {
    const raw = this.#raw(variable);
    if (raw === undefined) {
      return null;
    }
    const begins = protocols.some((protocol) => raw.startsWith(`${protocol}//`));
    if (!begins || /\s/.test(raw) || !URL.canParse(raw) || !isGood(new URL(raw))) {
      const beginning = protocols.map((one) => `${one}//`).join(" or ");
      this.fault(variable, `must be a URL that begins with ${beginning}, such as ${example}`);
      return null;
    }
    return raw;
  }

  /** The value is not repeated in the fault, as it may be a secret. */
  matching(variable: string, pattern: RegExp, problem: string): string | null {
    const raw = this.#raw(variable);
    if (raw !== undefined && !pattern.test(raw)) {
      this.fault(variable, problem);
      return null;
    }
    return raw ?? null;
  }

  /** Items between commas, each as the pattern has it. No value is repeated in the fault, as they may be secrets. */
  listMatching(variable: string, pattern: RegExp, problem: string): readonly string[] {
    const items = this.#raw(variable)
      ?.split(",")
      .map((item) => item.trim());
    const wrong = items?.findIndex((item) => !pattern.test(item)) ?? -1;
    if (items === undefined || wrong === -1) {
      return items ?? [];
    }
    const which = items.length === 1 ? "" : `, and value ${wrong + 1} of ${items.length} is not`;
    this.fault(variable, `${problem}${which}`);
    return [];
  }

  /** Throws ConfigError where anything was wrong. */
  finish(): void {
    if (this.#faults.length > 0) {
      throw new ConfigError(this.#faults);
    }
  }

  #raw(variable: string): string | undefined {
    const value = this.#env[variable];
    return value === undefined || value === "" ? undefined : value;
  }
}
