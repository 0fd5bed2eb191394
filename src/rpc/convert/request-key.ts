import { createHash } from "node:crypto";
import { type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { RequestKey } from "../../domain/ports/memory-store.ts";

/** What makes a call safe to repeat; null where the caller gave no request_id. */
export function requestKeyOf<D extends DescMessage>(
  method: string,
  schema: D,
  request: MessageShape<D> & { requestId?: string | undefined },
): RequestKey | null {
  if (request.requestId === undefined) {
    return null;
  }
  const bodyHash = createHash("sha256").update(toBinary(schema, request)).digest("hex");
  return { requestId: request.requestId, method, bodyHash };
}
