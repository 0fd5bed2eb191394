import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeOnEngines } from "../app/engines.ts";
import { errorLines, type ServedApp, serveApp } from "../app/served-app.ts";
import { callRoute, callRpc } from "./cells.ts";
import { routeTable } from "./route-table.ts";
import { rpcTable } from "./rpc-table.ts";
import { callers, makeSubjects, type Subjects } from "./subjects.ts";
import { restServices, routesOf, rpcServices, rpcsOf } from "./surface.ts";

describe("the table of the isolation suite", () => {
  it("has every RPC and no other", () => {
    expect(Object.keys(rpcTable).sort()).toEqual([...rpcsOf(rpcServices).keys()].sort());
  });

  it("has every REST route and no other", () => {
    expect(Object.keys(routeTable).sort()).toEqual(routesOf(restServices).sort());
  });
});

describeOnEngines("who may call what", (engine) => {
  let app: ServedApp;
  let subjects: Subjects;

  beforeAll(async () => {
    app = await serveApp(engine);
    subjects = await makeSubjects(app);
  });

  afterAll(async () => {
    const errors = errorLines(app);
    await app.close();
    expect(errors).toEqual([]);
  });

  it.each([...rpcsOf(rpcServices)])("%s answers each caller as stated", async (name, method) => {
    const row = rpcTable[name]!;
    const verdicts: unknown[] = [];
    for (const caller of callers) {
      verdicts.push((await callRpc(subjects, method, row, caller)).verdict);
    }
    expect(Object.fromEntries(callers.map((caller, at) => [caller, verdicts[at]]))).toEqual(
      Object.fromEntries(callers.map((caller, at) => [caller, row.answers[at]])),
    );
  });

  it.each(Object.entries(routeTable))("%s answers each caller as stated", async (route, row) => {
    const verdicts: unknown[] = [];
    for (const caller of callers) {
      verdicts.push((await callRoute(subjects, route, row, caller)).verdict);
    }
    expect(Object.fromEntries(callers.map((caller, at) => [caller, verdicts[at]]))).toEqual(
      Object.fromEntries(callers.map((caller, at) => [caller, row.statuses[at]])),
    );
  });
});
