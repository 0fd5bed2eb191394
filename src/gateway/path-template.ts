import { canonicalSegment } from "./path-encoding.ts";

/** A field that takes part of the path: segments `start` to `end` (exclusive); `end` -1 reaches to the end of the path. */
export interface PathVariable {
  readonly fieldPath: string;
  readonly start: number;
  readonly end: number;
}

/** A parsed path template; segments are canonical literals, `*` or `**`. */
export interface PathTemplate {
  readonly segments: readonly string[];
  /** What follows the last colon, canonical; empty: none. */
  readonly verb: string;
  readonly variables: readonly PathVariable[];
}

/**
 * Parses the path template of a google.api.http rule:
 *
 *     Template  = "/" Segments [ Verb ] ;
 *     Segments  = Segment { "/" Segment } ;
 *     Segment   = "*" | "**" | LITERAL | Variable ;
 *     Variable  = "{" FieldPath [ "=" Segments ] "}" ;
 *     FieldPath = IDENT { "." IDENT } ;
 *     Verb      = ":" LITERAL ;
 *
 * Throws an Error that names the column. A double wildcard must come last; variables may nest.
 */
export function parsePathTemplate(template: string): PathTemplate {
  const parser = new TemplateParser(template);
  return parser.parse();
}

class TemplateParser {
  readonly #input: string;
  readonly #segments: string[] = [];
  readonly #variables: PathVariable[] = [];
  readonly #names = new Set<string>();
  #at = 0;
  #open = false;

  constructor(input: string) {
    this.#input = input;
  }

  parse(): PathTemplate {
    this.#expect("/");
    this.#parseSegments();
    let verb = "";
    if (this.#peek() === ":") {
      this.#at++;
      verb = this.#parseLiteral();
    }
    if (this.#at < this.#input.length) {
      throw this.#unexpected();
    }
    return { segments: this.#segments, verb, variables: this.#variables };
  }

  #parseSegments(): void {
    for (;;) {
      this.#parseSegment();
      if (this.#peek() !== "/") {
        return;
      }
      if (this.#open) {
        throw new Error("double wildcard '**' must be the final path segment");
      }
      this.#at++;
    }
  }

  #parseSegment(): void {
    if (this.#peek() === "{") {
      this.#at++;
      this.#parseVariable();
    } else if (this.#peek() === "*") {
      this.#at++;
      if (this.#peek() === "*") {
        this.#at++;
        this.#open = true;
      }
      this.#segments.push(this.#open ? "**" : "*");
    } else {
      if (!/[A-Za-z0-9\-._~%]/.test(this.#peek())) {
        throw this.#fault("expected path value");
      }
      this.#segments.push(this.#parseLiteral());
    }
  }

  #parseVariable(): void {
    const fieldPath = this.#parseFieldPath();
    if (this.#names.has(fieldPath)) {
      throw new Error(`duplicate variable "${fieldPath}"`);
    }
    this.#names.add(fieldPath);
    const start = this.#segments.length;
    if (this.#peek() === "=") {
      this.#at++;
      this.#parseSegments();
    } else if (this.#peek() === "}") {
      this.#segments.push("*");
    }
    this.#expect("}");
    this.#variables.push({ fieldPath, start, end: this.#open ? -1 : this.#segments.length });
  }

  #parseFieldPath(): string {
    const start = this.#at;
    for (;;) {
      if (!/[A-Za-z_]/.test(this.#peek())) {
        throw this.#fault("expected identifier");
      }
      while (/[A-Za-z0-9_]/.test(this.#peek())) {
        this.#at++;
      }
      if (this.#peek() !== ".") {
        return this.#input.slice(start, this.#at);
      }
      this.#at++;
    }
  }

  #parseLiteral(): string {
    const start = this.#at;
    while (/[A-Za-z0-9\-._~%]/.test(this.#peek())) {
      this.#at++;
    }
    const literal = this.#input.slice(start, this.#at);
    if (literal === "") {
      throw this.#unexpected();
    }
    const canonical = canonicalSegment(literal);
    if (canonical === null) {
      throw new Error(`syntax error at column ${this.#at}: invalid URL escape in "${literal}"`);
    }
    return canonical;
  }

  #peek(): string {
    return this.#input.charAt(this.#at);
  }

  #expect(char: string): void {
    if (this.#peek() !== char) {
      throw this.#fault(`expected '${char}', got ${this.#current()}`);
    }
    this.#at++;
  }

  #unexpected(): Error {
    return this.#fault(`unexpected ${this.#current()}`);
  }

  #current(): string {
    return this.#peek() === "" ? "the end" : `'${this.#peek()}'`;
  }

  #fault(what: string): Error {
    return new Error(`syntax error at column ${Math.min(this.#at + 1, this.#input.length)}: ${what}`);
  }
}
