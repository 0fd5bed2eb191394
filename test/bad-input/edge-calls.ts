import {
  clone,
  create,
  type DescField,
  type DescMethod,
  fromBinary,
  type JsonObject,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import { updateMaskField } from "../../src/gateway/field-mask.ts";
import { type HttpBinding, httpBindings } from "../../src/gateway/http-rule.ts";
import { type CallFailure, outcomeOf, restFailure } from "../app/call-failure.ts";
import { collect } from "../app/collect.ts";
import { rest } from "../app/rest.ts";
import type { ServedApp } from "../app/served-app.ts";
import { clientOf } from "../app/wires.ts";
import { pathOf } from "./edge-fields.ts";

/** `OK`, or what the rejection says. */
export type Said = "OK" | Pick<CallFailure, "code" | "metadata">;

/** Where a call goes, and with which key. */
export interface Caller {
  readonly app: ServedApp;
  readonly key: string;
}

type Fields = readonly DescField[];

/** A request with its field set to any value, and named in its mask where that is how a field is changed. */
export function withValue(method: DescMethod, request: Message, fields: Fields, value: unknown): Message {
  const copy = clone(method.input, inMask(method, request, fields));
  let at = copy as object;
  for (const { fieldKind, localName, message } of fields.slice(0, -1)) {
    const held = Reflect.get(at, localName) ?? create(message!);
    const inner = fieldKind === "list" ? ((held as Message[])[0] ?? create(message!)) : held;
    Reflect.set(at, localName, fieldKind === "list" ? [inner] : inner);
    at = inner;
  }
  Reflect.set(at, fields.at(-1)!.localName, value);
  return copy;
}

/** The same in JSON. */
export function withJsonValue(method: DescMethod, request: Message, fields: Fields, value: JsonValue): JsonObject {
  const json = toJson(method.input, inMask(method, request, fields), { useProtoFieldName: true }) as JsonObject;
  let at = json;
  for (const { fieldKind, name } of fields.slice(0, -1)) {
    at[name] ??= fieldKind === "list" ? [{}] : {};
    at = (fieldKind === "list" ? (at[name] as JsonObject[])[0] : at[name]) as JsonObject;
  }
  at[fields.at(-1)!.name] = value;
  return json;
}

function inMask(method: DescMethod, request: Message, [resource, named]: Fields): Message {
  if (!updateMaskField(method.input) || resource?.fieldKind !== "message" || !named) return request;
  const updateMask = { ...(request as Message & { updateMask: object }).updateMask, paths: [named.name] };
  return { ...request, updateMask } as Message;
}

export async function callGrpc(caller: Caller, method: DescMethod, request: Message): Promise<Said> {
  const client = clientOf(method.parent, caller.app, caller);
  const answer = (Reflect.get(client, method.localName) as (request: Message) => unknown)(request);
  const { code, answer: failure } = await outcomeOf(
    method.methodKind === "unary" ? (answer as Promise<unknown>) : collect(answer as AsyncIterable<unknown>),
  );
  return code === "OK" ? "OK" : (failure as CallFailure);
}

/** Sends JSON as it is, as a client's own encoder would refuse some of it. */
export async function callConnectJson(caller: Caller, method: DescMethod, json: JsonObject): Promise<Said> {
  const [type, body] =
    method.methodKind === "unary" ? ["json", JSON.stringify(json)] : ["connect+json", envelope(json)];
  const route = `POST /${method.parent.typeName}/${method.name}`;
  const answer = await rest(caller.app, caller, route, body, { "content-type": `application/${type}` });
  const end = /\{"error":.*\}$/.exec(answer.text);
  const error = method.methodKind === "unary" ? answer.json : JSON.parse(end?.[0] ?? "{}").error;
  if (error?.code === undefined) return "OK";
  const info = fromBinary(ErrorInfoSchema, base64Decode(error.details[0].value));
  return { code: String(error.code).toUpperCase(), metadata: info.metadata };
}

function envelope(json: JsonObject): Uint8Array<ArrayBuffer> {
  const message = new TextEncoder().encode(JSON.stringify(json));
  const framed = new Uint8Array(5 + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, 5);
  return framed;
}

/** Sends each field where the RPC's route wants it: in path, query or body. */
export async function callRest(caller: Caller, method: DescMethod, json: JsonObject): Promise<Said> {
  const { httpMethod, path, body, variables } = bindingOf(method);
  const others = { ...json };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = others[name];
    delete others[name];
    return encodeURIComponent(asText(value ?? ""));
  });
  if (variables.size > 0 && filled.endsWith("/")) return { code: "INVALID_ARGUMENT", metadata: { field: "" } };
  const taken = body.kind === "field" ? body.field.name : "";
  const sent = body.kind === "whole" ? others : body.kind === "field" ? (others[taken] ?? {}) : undefined;
  delete others[taken];
  const query = body.kind === "whole" ? [] : queryOf(others);
  const route = `${httpMethod} ${filled}?${query.join("&")}`;
  const answer = await rest(caller.app, caller, route, sent);
  return answer.status < 400 ? "OK" : restFailure(answer);
}

function queryOf(json: JsonObject, before = ""): string[] {
  return Object.entries(json).flatMap(([name, value]) => {
    if (Array.isArray(value)) return value.map((item) => `${before}${name}=${encodeURIComponent(asText(item))}`);
    if (typeof value === "object" && value !== null) return queryOf(value, `${before}${name}.`);
    return [`${before}${name}=${encodeURIComponent(asText(value ?? ""))}`];
  });
}

function asText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** How a field is named over REST: what is the body is left out of it. */
export function restPath(method: DescMethod, fields: Fields): string {
  const { body } = bindingOf(method);
  return pathOf(body.kind === "field" && body.field === fields[0] ? fields.slice(1) : fields);
}

/** Whether a JSON value can be said over REST where the field is no part of the body. */
export function fitsRest(method: DescMethod, fields: Fields, value: JsonValue): boolean {
  const { body, variables } = bindingOf(method);
  const inBody =
    body.kind === "whole" ? !variables.has(fields[0]!.name) : body.kind === "field" && body.field === fields[0];
  return inBody || (value !== "" && typeof value !== "object");
}

function bindingOf(method: DescMethod): HttpBinding {
  return httpBindings(method.parent).find((binding) => binding.method === method)!;
}
