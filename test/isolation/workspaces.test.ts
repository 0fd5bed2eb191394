import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../app/collect.ts";
import { describeOnEngines } from "../app/engines.ts";
import { jsonLines, rest } from "../app/rest.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { memoriesOf } from "../app/tenants.ts";
import { callRoute, callRpc } from "./cells.ts";
import { routeTable } from "./route-table.ts";
import { rpcTable } from "./rpc-table.ts";
import { callers, makeSubjects, type Subjects, stateOf } from "./subjects.ts";
import { rpcServices, rpcsOf } from "./surface.ts";

const WRONG = "wrong workspace";
const column = callers.indexOf(WRONG);

/** Each isolation layer between workspaces has to hold alone. */
describe.each(["both", "rls-only", "predicates-only"] as const)("a key of another workspace, tenancy %s", (tenancy) => {
  describeOnEngines("sees and changes nothing", (engine) => {
    let app: ServedApp;
    let subjects: Subjects;

    beforeAll(async () => {
      app = await serveApp(engine, { tenancy });
      subjects = await makeSubjects(app);
    });

    afterAll(() => app.close());

    it.each([...rpcsOf(rpcServices)])("by %s", async (name, method) => {
      const row = rpcTable[name]!;
      const { verdict, text } = await callRpc(subjects, method, row, WRONG);
      expect(verdict).toBe(row.answers[column]);
      expect(text).not.toContain(subjects.canary);
    });

    it.each(Object.entries(routeTable))("by %s", async (route, row) => {
      const { verdict, text } = await callRoute(subjects, route, row, WRONG);
      expect(verdict).toBe(row.statuses[column]);
      expect(text).not.toContain(subjects.canary);
    });

    it("by any call, as the workspace's own admin sees it", async () => {
      const prepared = new Map<string, string>();
      // What a cell asks about is made once, before the first look.
      const fixed: Subjects = {
        ...subjects,
        ...Object.fromEntries(
          (["newMemory", "newAgent", "newKey", "newWorkspace"] as const).map((make) => [
            make,
            async (deleted?: boolean) => {
              const name = `${make} ${deleted ?? false}`;
              prepared.set(name, prepared.get(name) ?? (await subjects[make](deleted)));
              return prepared.get(name)!;
            },
          ]),
        ),
      };
      await Promise.all([
        fixed.newMemory(),
        fixed.newMemory(true),
        fixed.newAgent(),
        fixed.newKey(),
        fixed.newWorkspace(),
      ]);
      const before = await stateOf(subjects);
      for (const [name, method] of rpcsOf(rpcServices)) {
        await callRpc(fixed, method, rpcTable[name]!, WRONG);
      }
      for (const [route, row] of Object.entries(routeTable)) {
        await callRoute(fixed, route, row, WRONG);
      }
      expect(await stateOf(subjects)).toBe(before);
    });

    it("by a search for the very words, and by every filter", async () => {
      const { canary, home, away, owner } = subjects;
      const mine = memoriesOf(app, home);
      const own = await collect(mine.search({ query: canary, limit: 100 }));
      expect(own.length).toBeGreaterThan(1);
      const theirs = memoriesOf(app, away);
      const filters = [
        ...[{}, { subjectType: canary }, { subjectId: canary }, { kinds: [canary] }, { tagsAny: [canary] }],
        ...[{ tagsAll: [canary] }, { linkedEntity: { type: canary, id: canary } }, { metadata: { [canary]: canary } }],
        { agentId: owner },
      ];
      for (const filter of filters) {
        expect((await mine.listMemories({ filter })).memories.length).toBeGreaterThan(0);
        const listed = await theirs.listMemories({ filter, showDeleted: true, showExpired: true });
        const found = await collect(theirs.search({ query: canary, filter, limit: 100 }));
        const ids = [
          ...listed.memories,
          ...found.flatMap(({ part }) => (part.case === "result" ? [part.value.memory!] : [])),
        ];
        expect(ids.filter((memory) => memory.workspaceId !== away.id)).toEqual([]);
        expect(JSON.stringify(ids.map((memory) => memory.metadata))).not.toContain(canary);
        expect((await mine.assembleContext({ query: canary, filter })).text).toContain(canary);
        expect((await theirs.assembleContext({ query: canary, filter })).text).not.toContain(canary);
      }
      const lines = jsonLines((await rest(app, away, "POST /api/v1/memories:search", { query: canary })).text);
      expect(lines.at(-1).summary).toBeDefined();
      expect(JSON.stringify(lines)).not.toContain(canary);
    });

    it("by writing the same tuple, the same agent and the same request_id", async () => {
      const { home, away, owner } = subjects;
      const request = { memory: { kind: "pitch", key: "same", agentId: owner, content: "Mine." }, requestId: "same" };
      const first = await memoriesOf(app, home).writeMemory(request);
      const second = await memoriesOf(app, away).writeMemory(request);
      expect(second.outcome).toBe(first.outcome);
      expect(second.memory?.id).not.toBe(first.memory?.id);
      expect(second.memory?.workspaceId).toBe(away.id);
    });
  });
});
