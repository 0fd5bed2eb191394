import type { Socket } from "node:net";
import type { ConnectError } from "@connectrpc/connect";
import { CONTENT_TYPE, errorBody } from "./error-answer.ts";
import type { Limits } from "./limits.ts";
import type { Rejections } from "./rejection.ts";

const TIMED_OUT = "ERR_HTTP_REQUEST_TIMEOUT";
/** How long a peer that does not read may hold up the close. */
const LINGER_MS = 1000;

/** Answers bytes that are no HTTP/1.1 request with an error body, which Node itself leaves out, and closes the connection. */
export function unreadableRequest(rejections: Rejections, limits: Limits): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Anything else, a failed TLS handshake among it, leaves nobody who could read an answer.
    const isRequest = code.startsWith("HPE_") || code === TIMED_OUT;
    if (!isRequest || !socket.writable || isAnswering(socket)) {
      socket.destroy(error);
      return;
    }
    const { status, rejection } = answerTo(code, error, rejections, limits);
    const body = errorBody(rejection);
    const head = [
      `HTTP/1.1 ${status}`,
      `Content-Type: ${CONTENT_TYPE}`,
      `Content-Length: ${body.byteLength}`,
      "Connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    socket.setTimeout(LINGER_MS, () => socket.destroy()).end(body, () => socket.destroy());
  };
}

function answerTo(code: string, cause: Error, rejections: Rejections, limits: Limits) {
  const refuse = (status: string, rejection: ConnectError) => ({ status, rejection });
  if (code === "HPE_HEADER_OVERFLOW") {
    const limit = limits.maxHeaderBytes;
    const message = `the request line and headers are larger than the limit of ${limit} bytes`;
    const metadata = { limit_bytes: String(limit) };
    return refuse(
      "431 Request Header Fields Too Large",
      rejections.make("REQUEST_TOO_LARGE", message, metadata, cause),
    );
  }
  if (code === TIMED_OUT) {
    return refuse("408 Request Timeout", rejections.make("DEADLINE_EXCEEDED", "the request did not come in time"));
  }
  return refuse("400 Bad Request", rejections.malformed("this is no HTTP request", cause));
}

/** True where the head of another answer is out already: a second one would be read as part of it. */
function isAnswering(socket: Socket): boolean {
  // Node's own default looks at the same field, for want of a public one.
  const { _httpMessage: response } = socket as Socket & { _httpMessage?: { headersSent: boolean } };
  return response?.headersSent ?? false;
}
