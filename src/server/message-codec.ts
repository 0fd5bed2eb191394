import {
  type DescMethod,
  fromBinary,
  fromJsonString,
  type JsonReadOptions,
  type JsonValue,
  type JsonWriteOptions,
  type Message,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import type { ListenerOptions } from "./listener-options.ts";
import type { Rejections } from "./rejection.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** Reads the request and writes the response of one method, in binary and in JSON. */
export class MessageCodec {
  readonly #method: DescMethod;
  readonly #json: Partial<JsonReadOptions & JsonWriteOptions>;
  readonly #jsonFault: ListenerOptions["jsonFault"];
  readonly #rejections: Rejections;

  constructor(method: DescMethod, options: Pick<ListenerOptions, "json" | "jsonFault">, rejections: Rejections) {
    this.#method = method;
    // As in Connect's own handlers, an unknown JSON field is no error unless the options say so.
    this.#json = { ignoreUnknownFields: true, ...options.json };
    this.#jsonFault = options.jsonFault;
    this.#rejections = rejections;
  }

  /** Throws INVALID_ARGUMENT where the bytes are no message. */
  read(bytes: Uint8Array, binary: boolean): Message {
    try {
      return binary
        ? fromBinary(this.#method.input, bytes)
        : fromJsonString(this.#method.input, decoder.decode(bytes), this.#json);
    } catch (error) {
      const fault = binary ? null : this.#faultIn(bytes);
      if (fault !== null && fault.field !== "") {
        const { field, problem } = fault;
        throw this.#rejections.make("MALFORMED_REQUEST", `${field}: ${problem}`, { field }, error);
      }
      throw this.#rejections.malformed(error instanceof Error ? error.message : String(error), error);
    }
  }

  /** Null where the bytes are no JSON at all, or no single field is at fault. */
  #faultIn(bytes: Uint8Array): { field: string; problem: string } | null {
    try {
      const json: JsonValue = JSON.parse(decoder.decode(bytes));
      return this.#jsonFault?.(this.#method.input, json, this.#json.ignoreUnknownFields ?? true) ?? null;
    } catch {
      return null;
    }
  }

  write(message: Message, binary: boolean): Uint8Array {
    return binary
      ? toBinary(this.#method.output, message)
      : encoder.encode(toJsonString(this.#method.output, message, this.#json));
  }
}
