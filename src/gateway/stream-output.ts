import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { toRestJson } from "./json-output.ts";

/** How a stream of messages is written: one JSON value a line, or server-sent events. */
export interface StreamFormat {
  readonly contentType: string;
  message(schema: DescMessage, message: Message): string;
  /** What a stream that breaks off ends with; `body` is the error body of the service. */
  error(body: JsonValue): string;
}

/** Newline-delimited JSON: each message on a line, an error as a last line. */
const ndjson: StreamFormat = {
  contentType: "application/x-ndjson",
  message: (schema, message) => `${JSON.stringify(toRestJson(schema, message))}\n`,
  error: (body) => `${JSON.stringify(body)}\n`,
};

/** Server-sent events, named for the case of the message's oneof (`message` where it has none), an error as `error`. */
const sse: StreamFormat = {
  contentType: "text/event-stream",
  message: (schema, message) =>
    `event: ${eventName(schema, message)}\ndata: ${JSON.stringify(toRestJson(schema, message))}\n\n`,
  error: (body) => `event: error\ndata: ${JSON.stringify(body)}\n\n`,
};

/** Server-sent events where the client names them in Accept and does not prefer NDJSON; else NDJSON. */
export function streamFormat(accept: string | null): StreamFormat {
  const weights = new Map(
    (accept ?? "").split(",").map((range) => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return [type, weight === undefined ? 1 : Number(weight.slice(2)) || 0] as const;
    }),
  );
  const events = weights.get(sse.contentType) ?? 0;
  return events > 0 && events >= (weights.get(ndjson.contentType) ?? 0) ? sse : ndjson;
}

function eventName(schema: DescMessage, message: Message): string {
  const group = schema.oneofs[0];
  return (group && reflect(schema, message).oneofCase(group)?.name) || "message";
}
