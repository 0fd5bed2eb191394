import { invalidField } from "./failure.ts";
import type { JsonObject, JsonValue } from "./json.ts";

const MAX_BYTES = 65_536;
const MAX_DEPTH = 16;
const utf8 = new TextEncoder();

/**
 * Refuses metadata of more than 65,536 bytes of JSON or 16 levels, the object itself being the first. Here and not in the contract,
 * as no buf.validate rule can look into a Struct.
 */
export function checkMetadata(field: string, metadata: JsonObject, maxBytes: number = MAX_BYTES): void {
  if (deeperThan(metadata, MAX_DEPTH)) {
    throw invalidField(field, `must be at most ${MAX_DEPTH} levels deep`);
  }
  const json = JSON.stringify(metadata);
  // A UTF-16 unit takes at most three bytes, so most objects need no second look.
  if (json.length * 3 > maxBytes && utf8.encode(json).length > maxBytes) {
    throw invalidField(field, `must be at most ${maxBytes} bytes of JSON`);
  }
}

function deeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  if (levels === 0) {
    return true;
  }
  const children: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value);
  return children.some((child) => deeperThan(child, levels - 1));
}
