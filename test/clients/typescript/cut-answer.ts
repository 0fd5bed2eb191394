import type { Socket } from "node:net";
import { DATA, END_HEADERS, END_STREAM, frame, HEADERS, RST_STREAM, unknownMethod } from "./frame-server.ts";

/** How the first call ends: what of the answer is sent, then a reset of its stream, or its end, at once or a moment later. */
export interface Cut {
  readonly after: "nothing" | "headers" | "message";
  /** Of the reset; null: the stream ends as if nothing were missing. */
  readonly code: number | null;
  readonly delayMs: number;
}

const OK = Buffer.from([0x88]);
/** Of every response type of ours: its first field, a message that is empty. */
const MESSAGE = Buffer.from([0x0a, 0]);

/** Cuts the first call off, and answers any further one as an unknown method. */
export function cutAnswer(contentType: string, { after, code, delayMs }: Cut) {
  return (stream: number, call: number, socket: Socket): Buffer => {
    if (call > 1) return unknownMethod(stream);
    const answer = answerTo(stream, contentType, after);
    const end =
      code === null ? frame(DATA, END_STREAM, stream) : frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, code]));
    if (delayMs === 0) return Buffer.concat([...answer, end]);
    setTimeout(() => socket.write(end), delayMs);
    return Buffer.concat(answer);
  };
}

function answerTo(stream: number, contentType: string, after: Cut["after"]): readonly Buffer[] {
  if (after === "nothing") return [];
  const [name, value] = ["content-type", contentType].map((text) => Buffer.from([text.length, ...Buffer.from(text)]));
  const literal = Buffer.from([0, ...(name ?? []), ...(value ?? [])]);
  const headers = frame(HEADERS, END_HEADERS, stream, Buffer.concat([OK, literal]));
  if (after === "headers") return [headers];
  const isEnveloped = contentType !== "application/proto";
  const body = isEnveloped ? Buffer.concat([Buffer.from([0, 0, 0, 0, MESSAGE.length]), MESSAGE]) : MESSAGE;
  return [headers, frame(DATA, 0, stream, body)];
}
