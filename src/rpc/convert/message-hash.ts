import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type DescMessage, type Message, toBinary } from "@bufbuild/protobuf";
import { canonicalText } from "./canonical-text.ts";

/** SHA-256 of the context and of what the message says. Other work runs in between: a batch may have 4 MiB. */
export async function messageHash(context: string, schema: DescMessage, message: Message): Promise<Buffer> {
  const hash = createHash("sha256").update(context);
  let waiting = "";
  for (const piece of canonicalText(schema, message)) {
    if (waiting !== "") {
      hash.update(waiting);
      await setImmediate();
    }
    waiting = piece;
  }
  return hash.update(waiting).digest();
}

/** SHA-256 of the context and the message's bytes: what records and tokens were bound to before they had a version for it. */
export function bytesHash(context: string, schema: DescMessage, message: Message): Buffer {
  return createHash("sha256").update(context).update(toBinary(schema, message)).digest();
}
