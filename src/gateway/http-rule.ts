import {
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  getOption,
  hasOption,
} from "@bufbuild/protobuf";
import { UnknownFields, unknown_fields } from "../../gen/server/cairn/gateway/v1/options_pb.ts";
import { http } from "../../gen/server/google/api/annotations_pb.ts";
import type { HttpRule } from "../../gen/server/google/api/http_pb.ts";
import { updateMaskField } from "./field-mask.ts";
import { fieldNamed, fieldsAlong, isLeafMessage } from "./field-names.ts";
import { type PathTemplate, parsePathTemplate } from "./path-template.ts";
import { type StatusChoice, successStatus } from "./success-status.ts";

/** Where the fields of a request come from besides path and query. */
export type BodyRule =
  | { readonly kind: "none" }
  /** `body: "*"`: every field that the path does not bind. */
  | { readonly kind: "whole" }
  | { readonly kind: "field"; readonly field: DescField };

/** One way to call an RPC over HTTP. */
export interface HttpBinding {
  readonly service: DescService;
  readonly method: DescMethodUnary | DescMethodServerStreaming;
  /** Upper case, such as `GET`. */
  readonly httpMethod: string;
  /** The path template as written. */
  readonly path: string;
  readonly template: PathTemplate;
  /** Fields along each path variable, by the variable's field path. */
  readonly variables: ReadonlyMap<string, readonly DescField[]>;
  readonly body: BodyRule;
  /** The field of the response that is the answer; null: the response itself. */
  readonly responseBody: DescField | null;
  /** The resource whose keys an empty update_mask is filled with; null: none is. */
  readonly maskedResource: DescMessage | null;
  readonly status: StatusChoice;
  readonly ignoreUnknownFields: boolean;
}

/**
 * Reads the HTTP bindings of a service from its descriptor, additional bindings after their rule. Throws where an RPC has no
 * rule, or a rule names what is not there.
 */
export function httpBindings(service: DescService): HttpBinding[] {
  return service.methods.flatMap((method) => {
    const where = `${service.typeName}.${method.name}`;
    if (!hasOption(method, http)) {
      throw new Error(`${where}: no google.api.http rule`);
    }
    const rule = getOption(method, http);
    return [rule, ...rule.additionalBindings].map((each) => {
      try {
        return binding(service, method, each);
      } catch (cause) {
        throw new Error(`${where}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      }
    });
  });
}

function binding(service: DescService, method: DescMethod, rule: HttpRule): HttpBinding {
  if (!isServed(method)) {
    throw new Error("a client stream has no HTTP form");
  }
  const [httpMethod, path] = pattern(rule);
  const template = parsePathTemplate(path);
  const variables = new Map(
    template.variables.map(({ fieldPath }) => [fieldPath, variableFields(method.input, fieldPath)] as const),
  );
  const body = bodyRule(method.input, rule.body);
  if (body.kind !== "none" && (httpMethod === "GET" || httpMethod === "DELETE")) {
    throw new Error(`${httpMethod} takes no body`);
  }
  const responseBody = rule.responseBody === "" ? null : (fieldNamed(method.output, rule.responseBody) ?? null);
  if (rule.responseBody !== "" && !responseBody) {
    throw new Error(`response_body names no field: ${rule.responseBody}`);
  }
  const resource = body.kind === "field" && body.field.fieldKind === "message" ? body.field.message : null;
  return {
    service,
    method,
    httpMethod,
    path,
    template,
    variables,
    body,
    responseBody,
    maskedResource: httpMethod === "PATCH" && updateMaskField(method.input) ? resource : null,
    status: successStatus(method),
    ignoreUnknownFields: getOption(service, unknown_fields) === UnknownFields.IGNORE,
  };
}

function isServed(method: DescMethod): method is DescMethodUnary | DescMethodServerStreaming {
  return method.methodKind === "unary" || method.methodKind === "server_streaming";
}

function pattern(rule: HttpRule): [httpMethod: string, path: string] {
  switch (rule.pattern.case) {
    case undefined:
      throw new Error("the rule names no method and path");
    case "custom":
      return [rule.pattern.value.kind.toUpperCase(), rule.pattern.value.path];
    default:
      return [rule.pattern.case.toUpperCase(), rule.pattern.value];
  }
}

function variableFields(input: DescMessage, fieldPath: string): DescField[] {
  const fields = fieldsAlong(input, fieldPath);
  const last = fields?.at(-1);
  if (!fields || !last) {
    throw new Error(`path variable names no field: ${fieldPath}`);
  }
  const single = last.fieldKind === "scalar" || last.fieldKind === "enum";
  if (!single && !(last.fieldKind === "message" && isLeafMessage(last.message))) {
    throw new Error(`path variable is no single value: ${fieldPath}`);
  }
  return fields;
}

function bodyRule(input: DescMessage, body: string): BodyRule {
  if (body === "" || body === "*") {
    return { kind: body === "" ? "none" : "whole" };
  }
  const field = fieldNamed(input, body);
  if (!field) {
    throw new Error(`body names no field: ${body}`);
  }
  return { kind: "field", field };
}
