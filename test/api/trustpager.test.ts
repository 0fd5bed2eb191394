import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restFailure } from "../app/call-failure.ts";
import { describeOnEngines } from "../app/engines.ts";
import { newPitch, trustpagerPitchBody } from "../app/nurture-agent.ts";
import { rest } from "../app/rest.ts";
import { errorLines, type ServedApp } from "../app/served-app.ts";
import { shareApp } from "../app/shared-app.ts";
import { makeKey, makeWorkspace } from "../app/tenants.ts";

describeOnEngines("the NurtureAgent example over TrustPager's REST interface", (engine) => {
  let app: ServedApp;
  let key: string;

  beforeAll(async () => {
    app = await shareApp(engine);
    key = (await makeKey(app, await makeWorkspace(app))).key;
  });

  afterAll(async () => {
    const errors = errorLines(app);
    await app.close();
    expect(errors).toEqual([]);
  });

  describe.each(["/v1/memory", "/functions/v1/api/v1/memory"])("at %s", (base) => {
    const call = (route: string, body?: unknown) => {
      const [method, path] = route.split(" ") as [string, string];
      return rest(app, { key }, `${method} ${base}${path}`, body);
    };

    it("answers 201, then 200 with the same id, and revives what was deleted", async () => {
      const pitch = newPitch();
      const body = trustpagerPitchBody(pitch);
      const first = await call("POST ", body);
      expect(first.status).toBe(201);
      expect(first.json).toMatchObject({
        ...body,
        visibility: "private",
        confidence: 1,
        embedding_status: "attached",
        parent_memory_id: null,
        expires_at: null,
        deleted_at: null,
      });
      const { id } = first.json;
      const second = await call("POST ", { ...body, content: "Pitched it once more." });
      expect([second.status, second.json.id, second.json.content]).toEqual([200, id, "Pitched it once more."]);

      const deleted = await call(`DELETE /${id}`);
      expect([deleted.status, deleted.json.id]).toEqual([200, id]);
      expect(deleted.json.deleted_at).not.toBeNull();
      expect((await call(`GET /${id}`)).status).toBe(404);

      const revived = await call("POST ", body);
      expect([revived.status, revived.json.id, revived.json.deleted_at]).toEqual([200, id, null]);
      expect((await call(`GET /${id}`)).json).toEqual(revived.json);
    });

    it("lists by subject, by tag and by linked entity", async () => {
      const pitch = newPitch();
      const { id } = (await call("POST ", trustpagerPitchBody(pitch))).json;
      await call("POST ", trustpagerPitchBody(newPitch()));
      const by = async (query: string) => {
        const { data } = (await call(`GET ?${query}`)).json;
        return data.map((memory: { id: string }) => memory.id);
      };
      const subject = `subject_type=contact&subject_id=${pitch.contactId}`;
      expect(await by(`${subject}&kind=pitch`)).toEqual([id]);
      expect(await by(`${subject}&kind=objection`)).toEqual([]);
      expect(await by(`${subject}&tag=angle:time_savings&tag=other`)).toEqual([id]);
      expect(await by(`linked_entity_type=email_log&linked_entity_id=${pitch.emailLogId}`)).toEqual([id]);
      expect(await by(`agent_registry_id=${pitch.agentId}`)).toEqual([id]);
    });

    it("clears with [] and null, leaves the rest, and refuses what a patch may not change", async () => {
      const { json: before } = await call("POST ", {
        ...trustpagerPitchBody(newPitch()),
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      });
      const cleared = await call(`PATCH /${before.id}`, { tags: [], expires_at: null });
      expect(cleared.status).toBe(200);
      expect(cleared.json).toMatchObject({ tags: [], expires_at: null, content: before.content });
      const refused = await call(`PATCH /${before.id}`, { kind: "objection" });
      expect(refused.status).toBe(400);
      expect(restFailure(refused).message).toContain("kind");
    });

    it("finds it by words and by metadata, with its similarity", async () => {
      const pitch = newPitch();
      const { id } = (await call("POST ", trustpagerPitchBody(pitch))).json;
      for (const query of ["stretched thin on follow-up", "ROI calculator"]) {
        const found = await call("POST /search", { query, subject_id: pitch.contactId });
        expect(found.status).toBe(200);
        expect(found.json).toMatchObject({ count: 1, results: [{ id, similarity: expect.any(Number) }] });
      }
    });
  });
});
