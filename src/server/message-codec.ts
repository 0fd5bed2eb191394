import {
  type DescMethod,
  fromBinary,
  fromJsonString,
  type JsonReadOptions,
  type JsonWriteOptions,
  type Message,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import type { Refusals } from "./refusal.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** Reads the request and writes the response of one method, in binary and in JSON. */
export class MessageCodec {
  readonly #method: DescMethod;
  readonly #json: Partial<JsonReadOptions & JsonWriteOptions>;
  readonly #refusals: Refusals;

  constructor(method: DescMethod, json: Partial<JsonReadOptions & JsonWriteOptions> | undefined, refusals: Refusals) {
    this.#method = method;
    // As in Connect's own handlers, an unknown JSON field is no error unless the options say so.
    this.#json = { ignoreUnknownFields: true, ...json };
    this.#refusals = refusals;
  }

  /** Throws INVALID_ARGUMENT where the bytes are no message. */
  read(bytes: Uint8Array, binary: boolean): Message {
    try {
      return binary
        ? fromBinary(this.#method.input, bytes)
        : fromJsonString(this.#method.input, decoder.decode(bytes), this.#json);
    } catch (error) {
      throw this.#refusals.malformed(error instanceof Error ? error.message : String(error), error);
    }
  }

  write(message: Message, binary: boolean): Uint8Array {
    return binary
      ? toBinary(this.#method.output, message)
      : encoder.encode(toJsonString(this.#method.output, message, this.#json));
  }
}
