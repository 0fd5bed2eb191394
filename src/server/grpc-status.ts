import { ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";

const MESSAGE = "grpc-message";

/** The status of a failed gRPC call, with its details and metadata. */
export function grpcStatus(error: ConnectError): Headers {
  const wellFormed = error.rawMessage.toWellFormed();
  const sendable = wellFormed === error.rawMessage ? error : withMessage(error, wellFormed);
  return respellMessage(setTrailerStatus(new Headers(), sendable));
}

/** Half a surrogate pair, as a caller may have sent it in JSON, has no UTF-8 and would fail the answer. */
function withMessage(error: ConnectError, message: string): ConnectError {
  const copy = new ConnectError(message, error.code, error.metadata);
  copy.details = error.details;
  return copy;
}

/**
 * Connect escapes every reserved character of a message, such as `:` and `/`; the specification escapes only what is not
 * printable ASCII, and some clients, @grpc/grpc-js among them, leave the other escapes in what they show.
 */
export function respellMessage(trailer: Headers): Headers {
  const escaped = trailer.get(MESSAGE);
  if (escaped?.includes("%")) {
    const text = decodeURIComponent(escaped);
    trailer.set(MESSAGE, text.replace(/[^\x20-\x24\x26-\x7e]+/gu, encodeURIComponent));
  }
  return trailer;
}
