import { type DescMethod, type JsonValue, toJson } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { type failureOf, outcomeOf, restFailure } from "../app/call-failure.ts";
import { collect } from "../app/collect.ts";
import { type RestAnswer, rest } from "../app/rest.ts";
import { headersOf } from "../app/wires.ts";
import type { RouteRow } from "./route-table.ts";
import type { RpcRow } from "./rpc-table.ts";
import type { CallerName, Subjects } from "./subjects.ts";

/** What a cell came to: its code or status, and all that it said. */
export interface Answered {
  readonly verdict: string | number;
  readonly text: string;
}

/** Calls an RPC over gRPC as one of the callers. */
export async function callRpc(
  subjects: Subjects,
  method: DescMethod,
  row: RpcRow,
  caller: CallerName,
): Promise<Answered> {
  const client = createClient(method.parent, createGrpcTransport({ baseUrl: subjects.app.url }));
  const headers = headersOf(subjects.credentials[caller]);
  const request = await row.request(subjects);
  const call = Reflect.get(client, method.localName) as (request: object, options: object) => never;
  const answering: Promise<readonly never[]> =
    method.methodKind === "unary"
      ? (call(request, { headers }) as Promise<never>).then((message) => [message])
      : collect(call(request, { headers }) as AsyncIterable<never>);
  const { code, answer } = await outcomeOf(answering);
  const said: JsonValue =
    code === "OK"
      ? (answer as readonly never[]).map((message) => toJson(method.output, message))
      : (answer as Awaited<ReturnType<typeof failureOf>> as unknown as JsonValue);
  return { verdict: code, text: JSON.stringify(said) };
}

/** Calls a REST route as one of the callers; throws where an error has not the envelope of its interface. */
export async function callRoute(
  subjects: Subjects,
  route: string,
  row: RouteRow,
  caller: CallerName,
): Promise<Answered> {
  const variables = (await row.path?.(subjects)) ?? {};
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => variables[name]!);
  const query = row.query === undefined ? "" : `?${row.query}`;
  const answer: RestAnswer = await rest(subjects.app, subjects.credentials[caller], path + query, row.body?.());
  if (answer.status >= 400) restFailure(answer);
  return { verdict: answer.status, text: answer.text };
}
