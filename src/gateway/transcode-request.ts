import {
  create,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  mergeFromJson,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { FieldMaskSchema } from "@bufbuild/protobuf/wkt";
import { malformed } from "./failure.ts";
import { impliedMask, updateMaskField } from "./field-mask.ts";
import type { HttpBinding } from "./http-rule.ts";
import { locateFault } from "./json-fault.ts";
import { parseJsonBytes } from "./json-text.ts";
import { normaliseLeaves } from "./leaf-values.ts";
import { Parameters } from "./parameters.ts";
import type { QueryParameter } from "./query-string.ts";

/** The parts of an HTTP request that make up a message. */
export interface RequestParts {
  /** Captures of the path, by field path. */
  readonly variables: ReadonlyMap<string, string>;
  readonly query: readonly QueryParameter[];
  /** Empty: no body was sent. */
  readonly body: Uint8Array;
}

/**
 * Makes a request message: body first, then path, then query. Refuses what does not decode, naming the field; an empty
 * update_mask is filled with the keys of the body.
 */
export function transcodeRequest(binding: HttpBinding, parts: RequestParts): Message {
  const { input } = binding.method;
  const parameters = new Parameters(input);
  for (const [fieldPath, text] of parts.variables) {
    parameters.setVariable(binding.variables.get(fieldPath)!, text);
  }
  const taken = binding.body.kind === "field" ? binding.body.field : null;
  for (const [name, text] of parts.query) {
    if (binding.body.kind === "whole") {
      throw malformed(name, "unknown query parameter; this route takes its fields in the body");
    }
    parameters.setQuery(name, text, taken);
  }
  const message = create(input);
  const body = decodeBody(binding, parts.body, message);
  if (body !== undefined && binding.body.kind === "whole") {
    checkAgreement(binding, parts.variables, body);
  }
  merge(input, message, parameters.json, false);
  fillMask(binding, message, body);
  return message;
}

/** Merges the body into the message; returns its JSON, undefined where there is none. */
function decodeBody(binding: HttpBinding, bytes: Uint8Array, message: Message): JsonValue | undefined {
  const { input } = binding.method;
  if (bytes.byteLength === 0) {
    return undefined;
  }
  if (binding.body.kind === "none") {
    if (binding.ignoreUnknownFields) {
      return undefined;
    }
    throw malformed("", "this route takes none");
  }
  const json = parseJsonBytes(bytes);
  if (binding.body.kind === "whole") {
    merge(input, message, json, binding.ignoreUnknownFields);
    return json;
  }
  const { field } = binding.body;
  if (field.fieldKind !== "message") {
    merge(input, message, { [field.name]: json }, binding.ignoreUnknownFields);
    return json;
  }
  const resource = create(field.message);
  merge(field.message, resource, json, binding.ignoreUnknownFields);
  reflect(input, message).set(field, reflect(field.message, resource));
  return json;
}

function merge(schema: DescMessage, target: Message, json: JsonValue, ignoreUnknownFields: boolean): void {
  const normalised = normaliseLeaves(schema, json);
  try {
    mergeFromJson(schema, target, normalised, { ignoreUnknownFields });
  } catch (cause) {
    const fault = locateFault(schema, normalised, ignoreUnknownFields);
    throw malformed(fault?.field ?? "", fault?.problem ?? "cannot be decoded", cause);
  }
}

/** A body may repeat what the path says, and not contradict it. */
function checkAgreement(binding: HttpBinding, variables: ReadonlyMap<string, string>, body: JsonValue): void {
  for (const [fieldPath, text] of variables) {
    let at: JsonValue | undefined = body;
    for (const field of binding.variables.get(fieldPath)!) {
      const object: JsonObject = at as JsonObject;
      at = object?.[field.name] ?? object?.[field.jsonName];
    }
    if (at !== undefined && at !== null && String(at) !== text) {
      throw malformed(fieldPath, "differs from the path");
    }
  }
}

function fillMask(binding: HttpBinding, message: Message, body: JsonValue | undefined): void {
  const field = binding.maskedResource && updateMaskField(binding.method.input);
  if (!field || !binding.maskedResource || body === undefined) {
    return;
  }
  const request = reflect(binding.method.input, message);
  const given = request.get(field).message as Message & { paths: string[] };
  if (!request.isSet(field) || given.paths.length === 0) {
    const mask = create(FieldMaskSchema, { paths: impliedMask(binding.maskedResource, body) });
    request.set(field, reflect(FieldMaskSchema, mask));
  }
}
