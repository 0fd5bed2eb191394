import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import type { Call, Calls } from "./calls.ts";
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import type { Logger } from "./logger.ts";
import { collectBody, drainBody } from "./request-body.ts";
import type { RpcHandler } from "./rpc-handlers.ts";
import { ConnectWire } from "./unary-connect.ts";
import { connectGet } from "./unary-get.ts";
import { grpcWebWire, grpcWire } from "./unary-grpc.ts";
import type { UnaryWire } from "./unary-wire.ts";
import { headersOf } from "./universal-request.ts";

const connectJson = new ConnectWire(false);

/** By Content-Type as clients really send it; any other spelling goes to Connect's own handlers. */
const WIRES: ReadonlyMap<string, UnaryWire> = new Map([
  ["application/grpc", grpcWire],
  ["application/grpc+proto", grpcWire],
  ["application/grpc-web", grpcWebWire],
  ["application/grpc-web+proto", grpcWebWire],
  ["application/proto", new ConnectWire(true)],
  ["application/json", connectJson],
  ["application/json; charset=utf-8", connectJson],
  ["application/json;charset=utf-8", connectJson],
]);

/**
 * The fast path of unary calls: from the bytes of the wire straight to the interceptors and back, without Connect's pipeline of
 * iterables, which costs several times what the call itself does. Whatever is unusual goes to Connect's own handlers.
 */
export class UnaryServer {
  readonly transport: Transport;
  readonly calls: Calls;
  readonly limits: Limits;
  readonly logger: Logger;

  constructor(transport: Transport, calls: Calls, limits: Limits, logger: Logger) {
    this.transport = transport;
    this.calls = calls;
    this.limits = limits;
    this.logger = logger;
  }

  /** Returns false where the call is not one for the fast path. */
  serve(exchange: Exchange, rpc: RpcHandler): boolean {
    if (!rpc.fast || !rpc.handle.allowedMethods.includes(exchange.method)) {
      return false;
    }
    const type = exchange.headers["content-type"] ?? "";
    const wire = exchange.method === "GET" ? connectGet(exchange) : WIRES.get(type);
    if (!wire?.serves(exchange)) {
      return false;
    }
    new UnaryCall(this, exchange, rpc, wire).start();
    return true;
  }
}

class UnaryCall {
  readonly #server: UnaryServer;
  readonly #exchange: Exchange;
  readonly #rpc: RpcHandler;
  readonly #wire: UnaryWire;
  readonly #call: Call;
  #received = false;
  #settled = false;

  constructor(server: UnaryServer, exchange: Exchange, rpc: RpcHandler, wire: UnaryWire) {
    this.#server = server;
    this.#exchange = exchange;
    this.#rpc = rpc;
    this.#wire = wire;
    this.#call = server.calls.open(exchange, "unary");
  }

  start(): void {
    const { limits, calls } = this.#server;
    const { body, headers } = this.#exchange;
    const call = this.#call;
    // The answer does not wait for an implementation that is slow to notice its signal.
    call.onAbort((reason) => this.#refuse(reason));
    let timeoutMs: number;
    try {
      timeoutMs = Math.min(this.#wire.timeoutMs(headers) ?? Number.POSITIVE_INFINITY, limits.unaryDeadlineMs);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    const firstMs = Math.min(timeoutMs, limits.requestTimeoutMs);
    const started = timeoutMs > firstMs ? Date.now() : 0;
    call.deadline(firstMs);
    const { readMaxBytes } = this.#rpc;
    const tooLarge = () => calls.refusals.tooLarge(readMaxBytes);
    collectBody(body, readMaxBytes + this.#wire.framing, tooLarge, (bytes, error) => {
      if (bytes === undefined) {
        this.#refuse(error);
        return;
      }
      this.#received = true;
      if (timeoutMs > firstMs) {
        call.deadline(timeoutMs - (Date.now() - started));
      }
      this.#run(bytes);
    });
  }

  async #run(body: Uint8Array): Promise<void> {
    const { transport, limits, calls } = this.#server;
    const { readMaxBytes, codec } = this.#rpc;
    const { headers } = this.#exchange;
    const wire = this.#wire;
    try {
      const unwrapped = wire.unwrap(body, headers, readMaxBytes, calls.refusals);
      const request = codec.read(unwrapped instanceof Promise ? await unwrapped : unwrapped, wire.binary);
      if (this.#settled) {
        return;
      }
      const method = this.#rpc.handle.method as DescMethodUnary;
      const response = await transport.unary(
        method,
        this.#call.signal,
        undefined,
        headersOf(this.#exchange),
        request as Message,
      );
      const { header, trailer } = response;
      let bytes = codec.write(response.message, wire.binary);
      const compression = bytes.byteLength < limits.compressMinBytes ? undefined : wire.accepts(headers);
      if (compression) {
        bytes = await compression.compress(bytes as Uint8Array<ArrayBuffer>);
      }
      if (!this.#settled) {
        wire.answer(this.#exchange, { bytes, compression, header, trailer });
        this.#settled = true;
      }
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#call.finish();
    }
  }

  #refuse(error: unknown): void {
    if (this.#settled) {
      return;
    }
    this.#settled = true;
    const failure = this.#errorOf(error);
    if (this.#received) {
      this.#send(failure);
      return;
    }
    // Whoever is still sending must be able to read the answer.
    drainBody(this.#exchange.body).then((complete) => {
      if (!complete) {
        this.#exchange.refuseRest();
      }
      this.#send(failure);
    });
  }

  /** An error that cannot be written, for a header of its own or an impossible detail, must still end the call. */
  #send(failure: ConnectError): void {
    try {
      this.#wire.refuse(this.#exchange, failure);
    } catch (error) {
      const { logger, calls } = this.#server;
      logger.error({ err: error, path: this.#exchange.path }, "an error could not be sent");
      this.#wire.refuse(this.#exchange, calls.refusals.make("INTERNAL", "internal error"));
    } finally {
      this.#call.finish();
    }
  }

  #errorOf(error: unknown): ConnectError {
    if (error instanceof ConnectError) {
      return error;
    }
    const { reason } = this.#call.signal;
    if (this.#call.signal.aborted && reason instanceof ConnectError) {
      return reason;
    }
    const { refusals } = this.#server.calls;
    this.#server.logger.error({ err: error, path: this.#exchange.path }, "an RPC failed outside its protocol");
    return refusals.make("INTERNAL", "internal error", {}, error);
  }
}
