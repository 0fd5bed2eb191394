import type { DescField, DescMessage, JsonObject } from "@bufbuild/protobuf";
import { isLeafMessage } from "../field-names.ts";
import type { HttpBinding } from "../http-rule.ts";
import { fieldLimits } from "./field-limits.ts";
import type { Comments } from "./proto-comments.ts";
import { described, type Schemas } from "./schemas.ts";

/** A path of the document, and the operation of one of its methods. */
export interface PathOperation {
  readonly path: string;
  /** Lower case, as OpenAPI spells methods. */
  readonly method: string;
  readonly operation: JsonObject;
}

/** Describes one binding of an RPC; `nth` tells apart the bindings of the same RPC, from 0. */
export function operationOf(binding: HttpBinding, nth: number, schemas: Schemas, comments: Comments): PathOperation {
  const { method, service } = binding;
  const comment = comments(method);
  const { path, parameters } = pathOf(binding, schemas, comments);
  const body = bodyOf(binding, schemas);
  return {
    path,
    method: binding.httpMethod.toLowerCase(),
    operation: {
      operationId: `${service.typeName.replaceAll(".", "_")}_${method.name}${nth === 0 ? "" : `_${nth + 1}`}`,
      tags: [service.typeName],
      summary: comment.split(/(?<=\.)\s/)[0] ?? "",
      ...described([comment]),
      parameters: [...parameters, ...queryParameters(binding, schemas)],
      ...(body === null ? {} : { requestBody: body }),
      responses: { ...successes(binding, schemas), default: { $ref: "#/components/responses/Error" } },
    },
  };
}

/** The path in OpenAPI's spelling; each wildcard of a variable of several segments is a parameter of its own. */
function pathOf(
  binding: HttpBinding,
  schemas: Schemas,
  comments: Comments,
): { path: string; parameters: JsonObject[] } {
  const parameters: JsonObject[] = [];
  const segments = binding.template.segments.map((segment, at) => {
    if (!segment.startsWith("*")) {
      return segment;
    }
    const variable = binding.template.variables.find(({ start, end }) => start <= at && (end === -1 || at < end));
    const field = binding.variables.get(variable?.fieldPath ?? "")?.at(-1);
    const first = variable?.start === at;
    const name = variable ? `${variable.fieldPath}${first ? "" : `_${at - variable.start}`}` : `segment_${at}`;
    const whole = variable !== undefined && variable.end === variable.start + 1;
    const { description, ...schema } =
      whole && field
        ? schemas.property(field, { ...fieldLimits(field), required: true }, true)
        : { type: "string", ...described(field ? [comments(field)] : []) };
    parameters.push({
      name,
      in: "path",
      required: true,
      ...(description === undefined ? {} : { description }),
      schema,
    });
    return `{${name}}`;
  });
  const verb = binding.template.verb === "" ? "" : `:${binding.template.verb}`;
  return { path: `/${segments.join("/")}${verb}`, parameters };
}

/** Every field that neither path nor body holds, messages down to their fields. */
function queryParameters(binding: HttpBinding, schemas: Schemas): JsonObject[] {
  if (binding.body.kind === "whole") {
    return [];
  }
  const bound = new Set(binding.variables.keys());
  const body = binding.body.kind === "field" ? binding.body.field : null;
  const parameters: JsonObject[] = [];
  const visit = (message: DescMessage, prefix: string, above: readonly DescMessage[]) => {
    for (const field of message.fields) {
      const name = prefix + field.name;
      if (bound.has(name) || field === body || above.includes(message)) {
        continue;
      }
      if (field.fieldKind === "message" && !isLeafMessage(field.message)) {
        visit(field.message, `${name}.`, [...above, message]);
      } else if (
        field.fieldKind !== "map" &&
        !(field.fieldKind === "list" && field.message && !isLeafMessage(field.message))
      ) {
        parameters.push(queryParameter(name, field, prefix === "", schemas));
      }
    }
  };
  visit(binding.method.input, "", []);
  return parameters;
}

function queryParameter(name: string, field: DescField, topLevel: boolean, schemas: Schemas): JsonObject {
  const limits = fieldLimits(field);
  const { description, ...schema } = schemas.property(field, { ...limits, required: true }, true);
  const isJson = field.fieldKind === "message" && /\.(Struct|Value|ListValue)$/.test(field.message.typeName);
  return {
    name,
    in: "query",
    ...(limits.required && topLevel ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    ...(isJson ? { content: { "application/json": { schema } } } : { schema }),
  };
}

function bodyOf(binding: HttpBinding, schemas: Schemas): JsonObject | null {
  const { body, method, variables } = binding;
  if (body.kind === "none") {
    return null;
  }
  if (body.kind === "field") {
    const limits = fieldLimits(body.field);
    const { description, ...schema } = schemas.property(body.field, { ...limits, required: true }, true);
    return {
      ...(description === undefined ? {} : { description }),
      required: limits.required || binding.maskedResource !== null,
      content: { "application/json": { schema } },
    };
  }
  const bound = new Set([...variables.values()].flatMap((fields) => fields.slice(0, 1)));
  const schema = bound.size === 0 ? schemas.message(method.input) : schemas.object(method.input, bound);
  const required = method.input.fields.some((field) => !bound.has(field) && fieldLimits(field).required);
  return { required, content: { "application/json": { schema } } };
}

function successes(binding: HttpBinding, schemas: Schemas): JsonObject {
  const { method, responseBody, status } = binding;
  const schema = responseBody
    ? withoutDescription(schemas.property(responseBody, fieldLimits(responseBody), false))
    : schemas.message(method.output);
  const content: JsonObject =
    method.methodKind === "server_streaming"
      ? {
          "application/x-ndjson": { schema: lineSchema(schema) },
          "text/event-stream": {
            schema: {
              type: "string",
              description:
                "Events named for the field that their data holds, or `error`; the data of each is what a line of application/x-ndjson is.",
            },
          },
        }
      : { "application/json": { schema } };
  return Object.fromEntries(
    status.possible.map((code) => [String(code), { description: REASONS[code] ?? "Success.", content }]),
  );
}

/** A line of a stream is a message; a stream that breaks off ends with an error. */
function lineSchema(message: JsonObject): JsonObject {
  return { anyOf: [message, { $ref: "#/components/schemas/Error" }] };
}

function withoutDescription({ description: _, ...schema }: JsonObject): JsonObject {
  return schema;
}

const REASONS: Readonly<Record<number, string>> = { 200: "Done.", 201: "Created.", 202: "Accepted." };
