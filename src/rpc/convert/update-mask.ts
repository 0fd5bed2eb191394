import { create } from "@bufbuild/protobuf";
import type { FieldMask } from "@bufbuild/protobuf/wkt";
import { type MemoryInput, MemoryInputSchema, MemorySchema } from "../../../gen/server/cairn/v1/memory_pb.ts";
import { DomainError, invalidField } from "../../domain/failure.ts";
import type { MemoryPatch } from "../../domain/ports/memory-store.ts";
import { fromBody } from "./memory.ts";

const ALL_FIELDS = new Set([...MemorySchema.fields, ...MemoryInputSchema.fields].map((field) => field.name));
const NAMES = new Map(MemoryInputSchema.fields.map((field) => [field.name, field.localName as keyof MemoryPatch]));

/** What an update changes: the fields that the mask names, with their defaults where they are unset. */
export function fromUpdateMask(mask: FieldMask | undefined, memory: MemoryInput | undefined): MemoryPatch {
  const input = memory ?? create(MemoryInputSchema);
  const values: MemoryPatch = { ...fromBody(input), kind: input.kind };
  const patch: Partial<Record<keyof MemoryPatch, unknown>> = {};
  for (const path of mask?.paths ?? []) {
    const name = NAMES.get(path);
    if (name === undefined || !(name in values)) {
      throw rejection(path);
    }
    patch[name] = values[name];
  }
  return patch as MemoryPatch;
}

function rejection(path: string): DomainError {
  const field = path.split(".")[0]!;
  if (path === field && ALL_FIELDS.has(field)) {
    const named = `memory.${field}`;
    return new DomainError("FIELD_IMMUTABLE", `${named}: never changes`, { field: named });
  }
  const nested = ALL_FIELDS.has(field)
    ? "is replaced whole: name it without a path into it"
    : "is no field of a memory";
  return invalidField("update_mask", `${path} ${nested}`);
}
