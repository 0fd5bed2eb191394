import { createRegistry, type DescService, fromJson, type JsonValue, type Message, toJson } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { createGateway, type Gateway, type GatewayOptions } from "../../src/gateway/gateway.ts";
import { createInProcessTransport, mount } from "../../src/rpc/in-process-transport.ts";
import { type SchemaSpec, schemaOf } from "./schema.ts";

/** What a handler of the test service sees and answers, as proto JSON. */
export type Handler = (
  request: JsonValue,
  context: HandlerContext,
  method: string,
) => JsonValue | Promise<JsonValue> | AsyncIterable<JsonValue>;

export interface Asked {
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly header: Headers;
  readonly text: string;
  readonly json: JsonValue;
}

/** A gateway in front of a service whose handlers are plain functions. */
export function gatewayOf(spec: SchemaSpec, handler: Handler, options: Partial<GatewayOptions> = {}) {
  const { service, message } = schemaOf(spec);
  const jsonOptions = { registry: createRegistry(service) };
  const implementation = Object.fromEntries(
    service.methods.map((method) => {
      const read = (request: Message) => toJson(method.input, request, { useProtoFieldName: true });
      const write = (answer: JsonValue) => fromJson(method.output, answer, jsonOptions);
      const unary = async (request: Message, context: HandlerContext) =>
        write((await handler(read(request), context, method.name)) as JsonValue);
      const stream = async function* (request: Message, context: HandlerContext) {
        for await (const item of handler(read(request), context, method.name) as AsyncIterable<JsonValue>) {
          yield write(item);
        }
      };
      return [method.localName, method.methodKind === "server_streaming" ? stream : unary];
    }),
  );
  const transport = createInProcessTransport([mount(service, implementation as ServiceImpl<DescService>, [])]);
  const gateway = createGateway({
    services: [{ service, transport }],
    maxBodyBytes: () => 1 << 20,
    errorDomain: "test.v1",
    ...options,
  });
  return { gateway, service, message, transport, ask: askerOf(gateway) };
}

/** Asks a gateway and reads the whole answer; throws where it has no such route. */
export function askerOf(gateway: Gateway) {
  return async (method: string, target: string, asked: Asked = {}): Promise<Answered> => {
    const response = await respond(gateway, method, target, asked);
    if (!response) {
      throw new Error(`no route: ${method} ${target}`);
    }
    return readAnswer(response);
  };
}

/** Asks a gateway and leaves the body unread. */
export function respond(gateway: Gateway, method: string, target: string, asked: Asked = {}) {
  const bytes = typeof asked.body === "string" ? new TextEncoder().encode(asked.body) : asked.body;
  return gateway({
    httpVersion: "1.1",
    method,
    url: `http://localhost${target}`,
    header: new Headers(asked.headers ?? {}),
    body: (async function* () {
      // In pieces, as a socket gives it.
      for (let at = 0; bytes && at < bytes.byteLength; at += 16_384) {
        yield bytes.slice(at, at + 16_384);
      }
    })(),
    signal: asked.signal ?? new AbortController().signal,
  });
}

async function readAnswer({ status, header, body }: UniversalServerResponse): Promise<Answered> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const isJson = header?.get("content-type") === "application/json" && text !== "";
  return { status, header: header ?? new Headers(), text, json: isJson ? JSON.parse(text) : null };
}

/** Field and message of a rejection. */
export function faultOf(answer: Answered): { status: number; field: string | undefined; message: string } {
  const { error } = answer.json as {
    error: { message: string; details: { metadata?: Record<string, string> }[] };
  };
  return { status: answer.status, field: error.details[0]?.metadata?.field, message: error.message };
}
