import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import type { GuardVerdict, LinkedEntity, Memory } from "../../domain/memory.ts";
import { EMBEDDING_STATUS, VISIBILITY } from "./codes.ts";
import {
  type Column,
  type ColumnType,
  code,
  DOUBLE,
  INTEGER,
  json,
  LANGUAGE,
  METADATA,
  type Part,
  SMALLINT,
  TEXT,
  TEXTS,
  TIME,
  UUID,
} from "./column.ts";

interface Traits {
  readonly searched?: boolean;
  readonly patchable?: boolean;
  readonly written?: boolean;
}

function columnOf(part: Part, writtenByDefault: boolean) {
  return <T, Property>(type: ColumnType<T>, property: Property, traits: Traits = {}): Column<Property> => ({
    property,
    type,
    part,
    searched: traits.searched ?? false,
    patchable: traits.patchable ?? part === "body",
    written: traits.written ?? writtenByDefault,
  });
}

const identity = columnOf("identity", true);
/** Names the memory; with a key, all of them together are unique. */
const tuple = columnOf("tuple", true);
/** Replaced by a write, and patched by an update. */
const body = columnOf("body", true);
/** The server's own, shown. */
const system = columnOf("system", false);
/** The server's own, not shown. */
const internal = columnOf("internal", false);

/**
 * The one description of a memory's row, in the order in which statements name its columns. Column lists, sameness, the state of
 * a revision, the mask of an update, the row mapper and parameters all follow from it.
 */
const MEMORY = {
  workspaceId: identity(UUID, p.uuid().primary()),
  id: identity(UUID, p.uuid().primary()),
  revision: identity(INTEGER, p.integer().default(1), { written: false }),
  volumeId: tuple(UUID, p.uuid().nullable()),
  agentId: tuple(UUID, p.uuid().nullable()),
  subjectType: tuple(TEXT, p.text()),
  subjectId: tuple(TEXT, p.text().nullable()),
  kind: tuple(TEXT, p.text(), { patchable: true }),
  key: tuple(TEXT, p.text().nullable()),
  title: body(TEXT, p.text().default(""), { searched: true }),
  content: body(TEXT, p.text(), { searched: true }),
  visibility: body(code(VISIBILITY), p.smallint().default(1)),
  metadata: body(METADATA, p.json().default("{}"), { searched: true }),
  tags: body(TEXTS, p.array().default([])),
  linkedEntities: body(json<readonly LinkedEntity[]>(typeThenId), p.json().default("[]")),
  confidence: body(DOUBLE, p.double().default(1)),
  sourceKind: body(TEXT, p.text().nullable()),
  sourceId: body(TEXT, p.text().nullable()),
  sourceContext: body(TEXT, p.text().nullable()),
  provenance: body(TEXT, p.text().nullable()),
  parentMemoryId: body(UUID, p.uuid().nullable()),
  expireTime: body(TIME, p.datetime(3).nullable()),
  expireReason: body(TEXT, p.text().nullable()),
  shapeId: body(UUID, p.uuid().nullable()),
  guard: system(json<GuardVerdict>(), p.json().nullable()),
  embeddingStatus: system(code(EMBEDDING_STATUS), p.smallint().default(2), { written: true }),
  createTime: system(TIME, p.datetime(3), { written: true }),
  updateTime: system(TIME, p.datetime(3)),
  deleteTime: system(TIME, p.datetime(3).nullable()),
  language: internal(LANGUAGE, p.text().columnType("regconfig"), { written: true }),
  contentRevision: internal(INTEGER, p.integer().default(1)),
  lastOutcome: internal(SMALLINT, p.smallint().default(1)),
  embedAttempts: internal(SMALLINT, p.smallint().default(0)),
  embedAfter: internal(TIME, p.datetime(3).defaultRaw("now()")),
} satisfies Record<keyof Memory, Column> & Record<string, Column>;

function typeThenId(entities: readonly LinkedEntity[]): readonly LinkedEntity[] {
  return entities.map(({ type, id }) => ({ type, id }));
}

type Properties = { readonly [Field in keyof typeof MEMORY]: (typeof MEMORY)[Field]["property"] };

/** The table of memories; its generated column `tsv` is SQL's alone. */
export const MemoryEntity = defineEntity({
  name: "Memory",
  tableName: "memory",
  properties: Object.fromEntries(
    Object.entries(MEMORY).map(([field, column]) => [field, column.property]),
  ) as unknown as Properties,
});

export type MemoryRow = InferEntity<typeof MemoryEntity>;

export type MemoryField = keyof typeof MEMORY;

/** A column with its names. */
export interface MemoryColumn extends Column {
  readonly field: MemoryField;
  /** In SQL. */
  readonly name: string;
}

function isIn(...parts: readonly Part[]): (column: MemoryColumn) => boolean {
  return (column) => parts.includes(column.part);
}

const ALL: readonly MemoryColumn[] = Object.entries(MEMORY).map(([field, column]) => ({
  ...column,
  field: field as MemoryField,
  name: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
}));

/** What a Memory is read from. */
export const SHOWN = ALL.filter(isIn("identity", "tuple", "body", "system"));
/** What a revision's state repeats. */
export const STATE = ALL.filter(isIn("tuple", "body", "system"));
export const TUPLE = ALL.filter(isIn("tuple"));
/** What a write replaces; all the same: it is UNCHANGED. */
export const BODY = ALL.filter(isIn("body"));
export const SEARCHED = ALL.filter((column) => column.searched);
export const PATCHABLE = ALL.filter((column) => column.patchable);
/** What an insert sets. */
export const WRITTEN = ALL.filter((column) => column.written);
