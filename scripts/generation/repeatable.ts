import type { DescField, DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";

/** What makes a call safe to repeat: nothing, its nature, or the request_id that its request can carry. */
export type Repeatable = "never" | "always" | "request_id";

/** The rule that every client's retries follow. */
export function repeatable(method: DescMethod): Repeatable {
  if (method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN) return "always";
  return method.input.fields.some((field) => field.name === "request_id") ? "request_id" : "never";
}

/** The list that an RPC answers page by page; null where it does not. */
export function pagedField(method: DescMethod): DescField | null {
  const has = (message: DescMethod["input"], name: string) => message.fields.some((field) => field.name === name);
  if (!has(method.input, "page_token") || !has(method.output, "next_page_token")) return null;
  const lists = method.output.fields.filter((field) => field.fieldKind === "list" && field.listKind === "message");
  return lists.length === 1 ? (lists[0] ?? null) : null;
}
