import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { ConnectError, type ContextValues, type Transport } from "@connectrpc/connect";
import type { BodyBudget, BodyShare } from "./body-budget.ts";
import type { Admitted, Callers } from "./callers.ts";
import type { Call, Calls } from "./calls.ts";
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import type { Logger } from "./logger.ts";
import { collectBody, drainBody, skipRequest } from "./request-body.ts";
import type { RpcHandler } from "./rpc-handlers.ts";
import { ConnectWire } from "./unary-connect.ts";
import { connectGet } from "./unary-get.ts";
import { grpcWebWire, grpcWire } from "./unary-grpc.ts";
import type { UnaryWire } from "./unary-wire.ts";
import { keyOf } from "./universal-request.ts";

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

export interface UnaryServerParts {
  readonly transport: Transport;
  readonly calls: Calls;
  readonly callers: Callers;
  readonly budget: BodyBudget;
  readonly limits: Limits;
  readonly logger: Logger;
}

/**
 * The fast path of unary calls: from the bytes of the wire straight to the interceptors and back, without Connect's pipeline of
 * iterables, which costs several times what the call itself does. Whatever is unusual goes to Connect's own handlers.
 */
export class UnaryServer {
  readonly transport: Transport;
  readonly calls: Calls;
  readonly callers: Callers;
  readonly budget: BodyBudget;
  readonly limits: Limits;
  readonly logger: Logger;

  constructor({ transport, calls, callers, budget, limits, logger }: UnaryServerParts) {
    this.transport = transport;
    this.calls = calls;
    this.callers = callers;
    this.budget = budget;
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
  readonly #share: BodyShare;
  #received = false;
  #settled = false;

  constructor(server: UnaryServer, exchange: Exchange, rpc: RpcHandler, wire: UnaryWire) {
    this.#server = server;
    this.#exchange = exchange;
    this.#rpc = rpc;
    this.#wire = wire;
    this.#call = server.calls.open(exchange, "unary");
    this.#share = server.budget.share(keyOf(exchange));
  }

  start(): void {
    const { limits, callers } = this.#server;
    const call = this.#call;
    // The answer does not wait for an implementation that is slow to notice its signal.
    call.onAbort((reason) => this.#refuse(reason));
    let timeoutMs: number;
    try {
      const asked = this.#wire.timeoutMs(this.#exchange.headers) ?? Number.POSITIVE_INFINITY;
      timeoutMs = Math.min(asked, limits.unaryDeadlineMs);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    const firstMs = Math.min(timeoutMs, limits.requestTimeoutMs);
    const ends = timeoutMs > firstMs ? Date.now() + timeoutMs : 0;
    call.deadline(firstMs);
    const admitted = callers.admit(this.#exchange, this.#rpc.handle.method);
    if (admitted instanceof Promise) {
      admitted.then((known) => this.#enter(known, ends));
    } else {
      this.#enter(admitted, ends);
    }
  }

  /** `ends`: when the call's deadline is, where it is later than that of its body; else 0. */
  #enter(admitted: Admitted, ends: number): void {
    if (admitted === null) {
      this.#settled = true;
      this.#finish();
    } else if ("rejection" in admitted) {
      const { rejection } = admitted;
      skipRequest(this.#exchange).then(() => {
        this.#received = true;
        this.#refuse(rejection);
      });
    } else if (!this.#settled) {
      this.#collect(admitted.values, admitted.header, ends);
    }
  }

  #collect(values: ContextValues, header: Headers, ends: number): void {
    const { readMaxBytes } = this.#rpc;
    const tooLarge = () => this.#server.calls.rejections.tooLarge(readMaxBytes);
    const size = this.#wire.sizeOf(this.#exchange.headers, readMaxBytes);
    collectBody(this.#exchange.body, size, this.#share, tooLarge, (bytes, error) => {
      if (bytes === undefined) {
        this.#refuse(error);
        return;
      }
      this.#received = true;
      if (ends > 0) {
        this.#call.deadline(ends - Date.now());
      }
      this.#run(bytes, values, header);
    });
  }

  async #run(body: Uint8Array, values: ContextValues, header: Headers): Promise<void> {
    const { transport, limits, calls } = this.#server;
    const { readMaxBytes, codec } = this.#rpc;
    const { headers } = this.#exchange;
    const wire = this.#wire;
    try {
      const unwrapped = wire.unwrap(body, headers, readMaxBytes, calls.rejections);
      const request = codec.read(unwrapped instanceof Promise ? await unwrapped : unwrapped, wire.binary) as Message;
      if (this.#settled) {
        return;
      }
      const method = this.#rpc.handle.method as DescMethodUnary;
      const response = await transport.unary(method, this.#call.signal, undefined, header, request, values);
      let bytes = codec.write(response.message, wire.binary);
      const compression = bytes.byteLength < limits.compressMinBytes ? undefined : wire.accepts(headers);
      if (compression) {
        bytes = await compression.compress(bytes as Uint8Array<ArrayBuffer>);
      }
      if (!this.#settled) {
        wire.answer(this.#exchange, { bytes, compression, header: response.header, trailer: response.trailer });
        this.#settled = true;
      }
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#finish();
    }
  }

  #finish(): void {
    this.#share.release();
    this.#call.finish();
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
      this.#wire.refuse(this.#exchange, calls.rejections.make("INTERNAL", "internal error"));
    } finally {
      this.#finish();
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
    const { rejections } = this.#server.calls;
    this.#server.logger.error({ err: error, path: this.#exchange.path }, "an RPC failed outside its protocol");
    return rejections.make("INTERNAL", "internal error", {}, error);
  }
}
