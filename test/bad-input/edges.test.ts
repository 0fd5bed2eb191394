import { create, type DescMethod, type JsonValue, type Message } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { describeOnEngines } from "../app/engines.ts";
import { errorLines, type ServedApp, serveApp } from "../app/served-app.ts";
import { rpcTable } from "../isolation/rpc-table.ts";
import { makeSubjects, type Subjects, stateOf } from "../isolation/subjects.ts";
import { rpcServices, rpcsOf } from "../isolation/surface.ts";
import {
  callConnectJson,
  callGrpc,
  callRest,
  fitsRest,
  restPath,
  type Said,
  withJsonValue,
  withValue,
} from "./edge-calls.ts";
import { edgeFieldsOf, pathOf } from "./edge-fields.ts";
import { binaryEdges, type EdgeValue, jsonEdges } from "./edge-values.ts";

/** Codes of a failure that lies in what is stored, not in the message. */
const OF_THE_STATE = ["NOT_FOUND", "ABORTED", "FAILED_PRECONDITION", "ALREADY_EXISTS"];

const rpcs = [...rpcsOf(rpcServices)].flatMap(([name, method]) => {
  const fields = edgeFieldsOf(method.input);
  return fields.length === 0 ? [] : [{ name, method, fields }];
});

/** The field of each message where the first RPC holds it, and it is tried whole: elsewhere it is decoded alike, and named otherwise. */
const firsts = new Map(rpcs.toReversed().flatMap(({ fields }) => fields.map((field) => [field.fields.at(-1), field])));

describeOnEngines("a value at its edge", (engine) => {
  let app: ServedApp;
  let subjects: Subjects;
  /** What was refused over gRPC, to be sent once more. */
  const refused: { readonly method: DescMethod; readonly request: Message }[] = [];

  beforeAll(async () => {
    app = await serveApp(engine);
    subjects = await makeSubjects(app);
  });

  afterAll(() => app.close());

  const callerOf = (method: DescMethod) => {
    const isOperators = [WorkspaceService.typeName, EmbeddingService.typeName].includes(method.parent.typeName);
    return { app, key: isOperators ? app.rootKey : subjects.home.key };
  };

  describe.each(rpcs)("of $name", ({ name, method, fields: all }) => {
    const base = async () => create(method.input, (await rpcTable[name]!.request(subjects)) as Record<string, unknown>);

    it.each(all.map((field) => [pathOf(field.fields), field] as const))(
      "is taken, or refused by its name: %s",
      async (path, field) => {
        const { fields } = field;
        const isFirst = firsts.get(fields.at(-1)) === field;
        for (const edge of some(binaryEdges(field), isFirst)) {
          const request = withValue(method, await base(), fields, edge.value);
          const said = await callGrpc(callerOf(method), method, request);
          expectNamed(said, path, edge, "gRPC");
          if (isRefused(said)) refused.push({ method, request });
        }
        for (const edge of some(jsonEdges(field), isFirst)) {
          const request = withJsonValue(method, await base(), fields, edge.value);
          expectNamed(await callConnectJson(callerOf(method), method, request), path, edge, "Connect in JSON");
          if (!fitsRest(method, fields, edge.value)) continue;
          expectNamed(await callRest(callerOf(method), method, request), restPath(method, fields), edge, "REST");
        }
      },
    );
  });

  it("changes nothing where it is refused, and is never a failure of ours", async () => {
    expect(refused.length).toBeGreaterThan(rpcs.length);
    const before = await stateOf(subjects);
    for (const { method, request } of refused)
      expect(isRefused(await callGrpc(callerOf(method), method, request))).toBe(true);
    expect(await stateOf(subjects)).toBe(before);
    expect(errorLines(app)).toEqual([]);
  });
});

function expectNamed(said: Said, path: string, { value, isBad }: EdgeValue<unknown>, wire: string): void {
  const what = `${path} of ${textOf(value)} over ${wire}`;
  if (said === "OK" || OF_THE_STATE.includes(said.code)) {
    expect(isBad, `${what} is not refused: ${textOf(said)}`).toBe(false);
    return;
  }
  // A mask's fault may be told by the name of the field that the mask names.
  const field = path === "update_mask" ? expect.any(String) : path;
  expect(said, what).toMatchObject({ code: "INVALID_ARGUMENT", metadata: { field } });
}

/** All bad values of a field that is tried whole, and of the rest the first and the last ones. */
function some<T>(edges: readonly EdgeValue<T>[], isWhole: boolean): readonly EdgeValue<T>[] {
  return [true, false].flatMap((isBad) => {
    const kind = edges.filter((edge) => edge.isBad === isBad);
    const most = isWhole ? (isBad ? kind.length : 2) : 1;
    return kind.length <= 2 * most ? kind : [...kind.slice(0, most), ...kind.slice(-most)];
  });
}

function isRefused(said: Said): boolean {
  return said !== "OK" && said.code === "INVALID_ARGUMENT";
}

function textOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return JSON.stringify(value, (_name, part: JsonValue | bigint) => (typeof part === "bigint" ? `${part}` : part));
}
