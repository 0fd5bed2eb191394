import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { RequestKey } from "../../domain/ports/memory-store.ts";
import { bytesHash, messageHash } from "./message-hash.ts";

/** Stands before the hash, so that a record tells by which rule it was made; the first rule had no mark. */
const VERSION = "2:";

/** What makes a call safe to repeat; null where the caller gave no request_id. */
export async function requestKeyOf<D extends DescMessage>(
  method: string,
  schema: D,
  request: MessageShape<D> & { requestId?: string | undefined },
): Promise<RequestKey | null> {
  if (request.requestId === undefined) {
    return null;
  }
  const hash = await messageHash("", schema, request);
  return {
    requestId: request.requestId,
    method,
    bodyHash: `${VERSION}${hash.toString("hex")}`,
    firstRuleHash: () => bytesHash("", schema, request).toString("hex"),
  };
}
