import { type ConnectError, type ContextKey, createContextKey } from "@connectrpc/connect";
import type { MessageCodec } from "./message-codec.ts";

const HEAD_BYTES = 5;

/**
 * Passes on the body of a call that sends one message in JSON, and keeps it: Connect says that such a message cannot be decoded,
 * and not which field is at fault.
 */
export class SentMessage {
  readonly #codec: MessageCodec;
  readonly #chunks: Uint8Array[] = [];

  constructor(codec: MessageCodec) {
    this.#codec = codec;
  }

  async *pass(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      this.#chunks.push(chunk);
      yield chunk;
    }
  }

  /** What is wrong with the message; null where nothing is, or it came compressed. */
  fault(): ConnectError | null {
    const bytes = Buffer.concat(this.#chunks);
    if (bytes.length < HEAD_BYTES || bytes[0] !== 0) return null;
    try {
      this.#codec.read(bytes.subarray(HEAD_BYTES, HEAD_BYTES + bytes.readUInt32BE(1)), false);
      return null;
    } catch (error) {
      return error as ConnectError;
    }
  }
}

/** The message that a call in JSON sends, where it sends one. */
export const kSentMessage: ContextKey<SentMessage | undefined> = createContextKey<SentMessage | undefined>(undefined, {
  description: "sent message",
});
