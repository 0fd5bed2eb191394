import { type PGlite, protocol } from "@electric-sql/pglite";
import { type ColumnParser, columnParser } from "../column-parser.ts";
import type { Row, Step, StepResult, Value } from "../session.ts";
import { SqlFailure } from "../sql-failure.ts";
import type { PgliteEnd } from "./pglite-end.ts";

const { serialize } = protocol;

interface Column {
  readonly name: string;
  readonly parse: ColumnParser;
}

function asParameter(value: Value): string | Uint8Array | null {
  return value === null || value instanceof Uint8Array ? value : String(value);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Speaks Postgres's protocol with PGlite: any number of scripts and prepared statements in one call into the engine, where its
 * own `query` makes six a statement and plans each anew.
 */
export class PgliteWire {
  readonly #pglite: PGlite;
  readonly #end: PgliteEnd;
  readonly #prepared = new Set<string>();

  constructor(pglite: PGlite, end: PgliteEnd) {
    this.#pglite = pglite;
    this.#end = end;
  }

  /** Runs scripts (text) and statements in order. A failure outside of a transaction does not stop those behind it. */
  send(items: readonly (string | Step)[]): readonly StepResult[] {
    const parts: Uint8Array[] = [];
    const parsed: (string | null)[] = [];
    for (const item of items) {
      if (typeof item === "string") {
        parts.push(serialize.query(item));
        parsed.push(null);
      } else {
        parsed.push(this.#serializeStep(item, parts));
      }
    }
    this.#end.check();
    const results = this.#execute(concatenate(parts), items);
    // What it said before it ended does not count: the end may lie between a commit and its sync.
    this.#end.check();
    results.forEach((result, i) => {
      const name = parsed[i];
      if (result.error !== null && name) {
        this.#prepared.delete(name);
      }
    });
    return results;
  }

  #execute(message: Uint8Array, items: readonly (string | Step)[]): readonly StepResult[] {
    try {
      const results = parseAnswers(this.#pglite.execProtocolRawSync(message), items);
      if (results.length === items.length) return results;
      throw new Error(`the engine answered ${results.length} of ${items.length} statements`);
    } catch (error) {
      this.#end.come(error);
      throw error;
    }
  }

  /** Answers the name that the step prepares, or null. */
  #serializeStep(step: Step, parts: Uint8Array[]): string | null {
    const { name, text } = step.statement;
    const statement = name ?? "";
    let preparing: string | null = null;
    if (name === null || !this.#prepared.has(name)) {
      // A statement that failed later than its Parse left its name behind; closing an unknown name is no error.
      parts.push(serialize.close({ type: "S", name: statement }), serialize.parse({ name: statement, text }));
      if (name !== null) {
        this.#prepared.add(name);
        preparing = name;
      }
    }
    parts.push(
      serialize.bind({ statement, values: step.values.map(asParameter) as (string | ArrayBufferView | null)[] }),
      serialize.describe({ type: "P" }),
      serialize.execute({}),
      serialize.sync(),
    );
    return preparing;
  }
}

/** One result an item. PGlite says that it is ready twice after a failed prepared statement: at once, and at its sync. */
function parseAnswers(bytes: Uint8Array, items: readonly (string | Step)[]): readonly StepResult[] {
  const results: StepResult[] = [];
  let columns: readonly Column[] = [];
  let rows: Row[] = [];
  let error: SqlFailure | null = null;
  let readySeen = false;
  new protocol.Parser().parse(bytes as Uint8Array<ArrayBuffer>, (message) => {
    if (message instanceof protocol.messages.DataRowMessage) {
      rows.push(readRow(columns, message.fields));
    } else if (message instanceof protocol.messages.RowDescriptionMessage) {
      columns = message.fields.map((field) => ({ name: field.name, parse: columnParser(field.dataTypeID) }));
    } else if (message instanceof protocol.messages.DatabaseError) {
      error ??= new SqlFailure(message.code ?? "XX000", message.message, message.constraint);
    } else if (message instanceof protocol.messages.ReadyForQueryMessage) {
      if (error !== null && !readySeen && typeof items[results.length] !== "string") {
        readySeen = true;
        return;
      }
      results.push(error === null ? { rows, error: null } : { error });
      columns = [];
      rows = [];
      error = null;
      readySeen = false;
    }
  });
  return results;
}

function readRow(columns: readonly Column[], fields: readonly (string | null)[]): Row {
  const row: Row = {};
  for (let i = 0; i < columns.length; i++) {
    const text = fields[i];
    row[columns[i]!.name] = text === null || text === undefined ? null : columns[i]!.parse(text);
  }
  return row;
}
