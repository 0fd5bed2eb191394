import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";

/** Sends bytes as they are and answers all that comes back until the peer closes, or goes quiet for 300 ms after it began. */
export async function rawExchange(port: number, request: string | Uint8Array): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    socket.setTimeout(300, () => socket.destroy());
  });
  await once(socket, "connect");
  socket.setTimeout(10_000, () => socket.destroy());
  socket.write(request);
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}

export interface RawGrpcAnswer {
  /** HTTP status. */
  readonly httpStatus: number;
  /** gRPC status code; null: none came. */
  readonly status: number | null;
  readonly message: string;
}

/** One gRPC call whose body is these bytes, framed as one message unless `framed` says that it is already. */
export async function rawGrpc(
  url: string,
  path: string,
  bytes: Uint8Array,
  options: {
    readonly key?: string;
    readonly headers?: Record<string, string>;
    readonly flag?: number;
    readonly framed?: boolean;
  } = {},
): Promise<RawGrpcAnswer> {
  const session = connectHttp2(url);
  session.on("error", () => {});
  try {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      "content-type": "application/grpc",
      te: "trailers",
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      ...options.headers,
    });
    let headers: Record<string, unknown> = {};
    stream.on("response", (received) => {
      headers = { ...headers, ...received };
    });
    stream.on("trailers", (received) => {
      headers = { ...headers, ...received };
    });
    stream.on("error", () => {});
    stream.resume();
    stream.end(options.framed ? bytes : framed(bytes, options.flag ?? 0));
    // Not events.once, which an error would reject although the answer came before it.
    await new Promise((done) => stream.once("close", done));
    return {
      httpStatus: Number(headers[":status"]),
      status: "grpc-status" in headers ? Number(headers["grpc-status"]) : null,
      message: decodeURIComponent(String(headers["grpc-message"] ?? "")),
    };
  } finally {
    session.destroy();
  }
}

function framed(bytes: Uint8Array, flag: number): Uint8Array {
  const frame = Buffer.alloc(5 + bytes.length);
  frame.writeUInt8(flag, 0);
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, 5);
  return frame;
}
