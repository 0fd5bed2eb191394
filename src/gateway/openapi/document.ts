import type { DescField, DescFile, DescMessage, DescService, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { isLeafMessage } from "../field-names.ts";
import { type HttpBinding, httpBindings } from "../http-rule.ts";
import { operationOf } from "./operation.ts";
import { type Comments, commentsOf } from "./proto-comments.ts";
import { Schemas } from "./schemas.ts";

/** What an OpenAPI document says besides what the descriptors say. */
export interface DocumentOptions {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Request headers that every operation takes, by name. */
  readonly headers: Readonly<Record<string, DocumentedHeader>>;
}

/** A request header that every operation takes. */
export interface DocumentedHeader {
  readonly description: string;
  /** What its values look like, as a regular expression; absent: none is refused for its form. */
  readonly pattern?: string;
}

/**
 * Describes the REST form of services as an OpenAPI 3.1 document. The descriptors have to carry source info for the comments of
 * their elements to become descriptions. The same descriptors always give the same document.
 */
export function openApiDocument(
  files: readonly DescFile[],
  services: readonly DescService[],
  options: DocumentOptions,
): JsonObject {
  const comments = commentsOf(files);
  const bindings = services.map(httpBindings);
  const schemas = new Schemas(comments, requestMessages(bindings.flat()));
  const headers = Object.entries(options.headers).map(([name, { description, pattern }]) => ({
    name,
    in: "header",
    description,
    schema: { type: "string", ...(pattern === undefined ? {} : { pattern }) },
  }));
  const paths = pathsOf(bindings, schemas, comments, headers);
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://spec.openapis.org/oas/3.1/dialect/base",
    info: { title: options.title, version: options.version, description: options.description },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    tags: services.map((service) => ({ name: service.typeName, description: comments(service) })),
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", description: "A key of the workspace." } },
      parameters: Object.fromEntries(headers.map((header) => [header.name, header])),
      responses: {
        Error: {
          description: "The call failed, and changed nothing.",
          content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
        },
      },
      schemas: { ...schemas.components(), Error: errorSchema },
    },
  };
}

function pathsOf(
  bindings: readonly (readonly HttpBinding[])[],
  schemas: Schemas,
  comments: Comments,
  headers: readonly { name: string }[],
): JsonObject {
  const paths: Record<string, Record<string, JsonValue>> = {};
  const parameters = headers.map(({ name }) => ({ $ref: `#/components/parameters/${name}` }));
  for (const binding of bindings.flat()) {
    const siblings = bindings.flat().filter((other) => other.method === binding.method);
    const { path, method, operation } = operationOf(binding, siblings.indexOf(binding), schemas, comments);
    paths[path] ??= parameters.length === 0 ? {} : { parameters };
    paths[path][method] = operation;
  }
  return paths;
}

/** The messages that a request may hold, of services that refuse unknown fields. */
function requestMessages(bindings: readonly HttpBinding[]): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  const visit = (message: DescMessage) => {
    if (!found.has(message) && !isLeafMessage(message)) {
      found.add(message);
      for (const field of message.fields) {
        visitField(field);
      }
    }
  };
  const visitField = (field: DescField) => {
    if (field.message) {
      visit(field.message);
    }
  };
  for (const { body, method, ignoreUnknownFields } of bindings) {
    if (!ignoreUnknownFields && body.kind === "whole") {
      visit(method.input);
    } else if (!ignoreUnknownFields && body.kind === "field") {
      visitField(body.field);
    }
  }
  return found;
}

const errorSchema: JsonObject = {
  type: "object",
  description: "The body of every failure.",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "details"],
      properties: {
        code: { type: "string", description: "Name of a gRPC status.", examples: ["INVALID_ARGUMENT"] },
        message: { type: "string", description: "For a person to read." },
        details: {
          type: "array",
          description: "The first is a google.rpc.ErrorInfo; programs go by its reason.",
          items: {
            type: "object",
            required: ["@type"],
            properties: {
              "@type": { type: "string", examples: ["type.googleapis.com/google.rpc.ErrorInfo"] },
              reason: { type: "string", examples: ["INVALID_FIELD"] },
              domain: { type: "string", examples: ["cairn.v1"] },
              metadata: { type: "object", additionalProperties: { type: "string" } },
            },
          },
        },
      },
    },
  },
};
