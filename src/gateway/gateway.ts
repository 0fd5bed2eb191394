import type { DescMethod, DescService, JsonValue, Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type ContextValues, type Transport } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { type Failure, failureOf, malformed, Rejection, refuse, renderFailure } from "./failure.ts";
import { forwardedHeader, timeoutOf } from "./headers.ts";
import { errorResponse, jsonResponse, withoutBody } from "./http-response.ts";
import { type HttpBinding, httpBindings } from "./http-rule.ts";
import { fieldToRestJson, toRestJson } from "./json-output.ts";
import { parseQuery, splitUrl } from "./query-string.ts";
import { readBody } from "./request-body.ts";
import { RouteTrie } from "./route-trie.ts";
import { callStream } from "./stream-call.ts";
import { transcodeRequest } from "./transcode-request.ts";

/** Values that go with a call, or why it is refused. */
export type Admit = (
  method: DescMethod,
  header: Headers,
) => MaybePromise<{ readonly values: ContextValues } | { readonly rejection: ConnectError }>;

type MaybePromise<T> = T | Promise<T>;

/** A service that REST reaches through the gateway. */
export interface GatewayService {
  readonly service: DescService;
  /** Where its RPCs are called. */
  readonly transport: Transport;
  /** Finds out who calls before the body is read. Default: nobody looks; the transport does. */
  readonly admit?: Admit;
  /** Writes its error bodies. Default: `{error: {code, message, details}}`. */
  readonly renderError?: (failure: Failure) => JsonValue;
}

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly services: readonly GatewayService[];
  /** Largest request body of a method, in bytes, compressed or not. */
  readonly maxBodyBytes: (method: DescMethod) => number;
  /** Longest time of a unary call, in milliseconds; its caller may name a shorter one. Default: none but the listener's own. */
  readonly unaryTimeoutMs?: number;
  /** Scope of the reasons that the gateway itself gives, such as `cairn.v1`. */
  readonly errorDomain: string;
  /** Told of what a transport threw that is no ConnectError; the caller learns nothing of it. */
  readonly onUnexpected?: (error: unknown) => void;
}

/** Answers the HTTP requests that have a route; null: no route of its own. Never rejects. */
export type Gateway = (request: UniversalServerRequest) => Promise<UniversalServerResponse | null>;

interface Route {
  readonly binding: HttpBinding;
  readonly transport: Transport;
  readonly admit: Admit | undefined;
  readonly render: (failure: Failure) => JsonValue;
}

/**
 * Serves RPCs as JSON over HTTP, by the google.api.http rules of their descriptors. Throws where an RPC has no rule or two
 * routes are equal.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const routes = routesOf(options.services);
  const read = (error: unknown, bodyField = ""): Failure => {
    if (!(error instanceof ConnectError || error instanceof Rejection)) {
      options.onUnexpected?.(error);
    }
    return failureOf(error, options.errorDomain, bodyField);
  };
  return async (request) => {
    const { path, query } = splitUrl(request.url);
    const head = request.method === "HEAD";
    const match = routes.match(path, head ? "GET" : request.method);
    if (match.kind === "none") {
      return null;
    }
    if (match.kind === "method") {
      return errorResponse(read(wrongMethod(request.method, match.allow)), match.targets[0]!.render);
    }
    const { target: route } = match;
    let response: UniversalServerResponse;
    try {
      if (match.kind === "malformed") {
        throw malformed("path", "is not valid percent-encoded UTF-8");
      }
      const header = forwardedHeader(request.header);
      const values = await admittedValues(route, request, header);
      const body = await readBody(request, options.maxBodyBytes(route.binding.method));
      const message = transcodeRequest(route.binding, { variables: match.variables, query: parseQuery(query), body });
      const errorBody = (error: unknown) => route.render(read(error));
      response = await call({
        route,
        request,
        header,
        values,
        message,
        errorBody,
        unaryTimeoutMs: options.unaryTimeoutMs,
      });
    } catch (error) {
      const { body } = route.binding;
      response = errorResponse(read(error, body.kind === "field" ? body.field.name : ""), route.render);
    }
    return head ? withoutBody(response) : response;
  };
}

function routesOf(services: readonly GatewayService[]): RouteTrie<Route> {
  const routes = new RouteTrie<Route>();
  for (const { service, transport, admit, renderError } of services) {
    for (const binding of httpBindings(service)) {
      try {
        routes.insert(binding.httpMethod, binding.template, {
          binding,
          transport,
          admit,
          render: renderError ?? renderFailure,
        });
      } catch (cause) {
        const route = `${binding.httpMethod} ${binding.path}`;
        throw new Error(`${service.typeName}.${binding.method.name}: ${route}: ${(cause as Error).message}`, { cause });
      }
    }
  }
  return routes;
}

function wrongMethod(method: string, known: readonly string[]): Error {
  const allow = (known.includes("GET") ? [...known, "HEAD"].sort() : known).join(", ");
  return refuse(Code.Unimplemented, "ROUTE_NOT_FOUND", `${method} is not among the methods of this path: ${allow}`, {
    status: 405,
    metadata: { method, allow },
    header: { allow },
  });
}

interface Call {
  readonly route: Route;
  readonly request: UniversalServerRequest;
  readonly header: Headers;
  readonly values: ContextValues | undefined;
  readonly message: Message;
  readonly errorBody: (error: unknown) => JsonValue;
  readonly unaryTimeoutMs: number | undefined;
}

/** Refuses a caller before its body is read. */
async function admittedValues(route: Route, request: UniversalServerRequest, header: Headers) {
  const admission = await route.admit?.(route.binding.method, header);
  if (admission && "rejection" in admission) {
    throw admission.rejection;
  }
  return admission?.values ?? request.contextValues;
}

async function call(one: Call): Promise<UniversalServerResponse> {
  const { route, request, header, values, message, errorBody, unaryTimeoutMs } = one;
  const { binding, transport } = route;
  const asked = timeoutOf(request.header);
  const { method } = binding;
  if (method.methodKind === "server_streaming") {
    return callStream({ transport, method, request, message, header, values, timeoutMs: asked, errorBody });
  }
  const timeoutMs = asked === undefined ? unaryTimeoutMs : Math.min(asked, unaryTimeoutMs ?? asked);
  const answer = await transport.unary(method, request.signal, timeoutMs, header, message, values);
  const json = binding.responseBody
    ? fieldToRestJson(method.output, answer.message, binding.responseBody)
    : toRestJson(method.output, answer.message);
  return jsonResponse(binding.status(answer.message), json, answer.header, answer.trailer);
}
