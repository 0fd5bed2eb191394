import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/domain/workspace.ts";
import { randomSecrets } from "../../src/system/secret.ts";
import { systemClock } from "../../src/system/system-clock.ts";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";
import { createWorkspace, ensureRoot, updateWorkspace } from "../../src/usecases/manage-workspaces.ts";
import { mintKey } from "../../src/usecases/mint-key.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";

const ids = createUuidV7Source(systemClock);

describeOnEngines("agents, keys and workspaces", (engine) => {
  describe.each(["both", "rls-only", "predicates-only"] as const)("kept apart by %s", (tenancy) => {
    let database: Database;
    const deps = () => ({ workspaces: database.storage.workspaces, ids, secrets: randomSecrets, forget: () => {} });
    const newWorkspace = (handle = `w-${ids.next()}-x`) =>
      createWorkspace(deps(), { handle, displayName: "", settings: DEFAULT_SETTINGS });
    const newKey = (agentId: string | null = null) => {
      const input = {
        displayName: "k",
        scopes: ["memory:read"],
        volumeId: null,
        expireTime: null,
        prefix: "",
      } as const;
      return mintKey(deps(), { ...input, agentId });
    };

    beforeAll(async () => {
      database = await openDatabase(engine, tenancy);
    });
    afterAll(() => database.close());

    it("makes one root key however often and however many at once ask", async () => {
      const secret = randomSecrets.make("cairn_");
      await Promise.all([1, 2, 3, 4].map(() => ensureRoot(deps(), secret)));
      const root = await database.storage.keys.authenticate(randomSecrets.digest(secret));
      expect(root?.scopes).toContain("operator");
      expect(await database.storage.keys.list(root!.workspaceId, null, 10)).toHaveLength(1);
    });

    it("refuses a taken workspace handle and an unknown language, naming them", async () => {
      const { workspace } = await newWorkspace();
      await expect(newWorkspace(workspace.handle)).rejects.toMatchObject({ reason: "WORKSPACE_ALREADY_EXISTS" });
      const settings = { language: "klingon", retentionMs: 0 };
      await expect(updateWorkspace(deps(), workspace.id, { settings })).rejects.toThrow("settings.language");
    });

    it("changes settings and answers them", async () => {
      const { workspace } = await newWorkspace();
      const settings = { language: "german", retentionMs: 5 };
      expect((await updateWorkspace(deps(), workspace.handle, { settings })).settings).toEqual(settings);
      expect((await database.storage.workspaces.find(workspace.id))?.settings).toEqual(settings);
    });

    it("finds agents by handle and UUID inside their own workspace alone", async () => {
      const [own, other] = [(await newWorkspace()).workspace.id, (await newWorkspace()).workspace.id];
      const { agents } = database.storage;
      const agent = await agents.create(own, { id: ids.next(), handle: "scout", displayName: "" });
      expect((await agents.find(own, "scout"))?.id).toBe(agent.id);
      expect((await agents.find(own, agent.id.toUpperCase()))?.id).toBe(agent.id);
      expect(await agents.find(other, "scout")).toBeNull();
      expect(await agents.find(other, agent.id)).toBeNull();
      expect(await agents.list(other, null, 10)).toEqual([]);
      await expect(agents.delete(other, agent.id)).rejects.toMatchObject({ reason: "AGENT_NOT_FOUND" });
      const again = { id: ids.next(), handle: "scout", displayName: "" };
      await expect(agents.create(own, again)).rejects.toMatchObject({ reason: "AGENT_ALREADY_EXISTS" });
      expect(await agents.create(other, again)).toMatchObject({ handle: "scout" });
    });

    it("revokes the keys of a deleted agent", async () => {
      const { id } = (await newWorkspace()).workspace;
      const agent = await database.storage.agents.create(id, { id: ids.next(), handle: "scout", displayName: "" });
      const { key, secret } = newKey(agent.id);
      await database.storage.keys.create(id, key);
      expect(await database.storage.agents.delete(id, "scout")).toEqual({ agentId: agent.id, revokedKeys: 1 });
      expect(await database.storage.keys.authenticate(randomSecrets.digest(secret))).toBeNull();
    });

    it("rotates a key at once or with an overlap, and refuses a revoked one", async () => {
      const { id } = (await newWorkspace()).workspace;
      const { keys } = database.storage;
      const [first, second, third] = [newKey(), newKey(), newKey()];
      await keys.create(id, first.key);
      await keys.rotate(id, first.key.id, second.key, 60_000);
      const kept = await keys.authenticate(randomSecrets.digest(first.secret));
      expect(kept?.expireTime?.getTime()).toBeGreaterThan(Date.now());
      await keys.rotate(id, second.key.id, third.key, 0);
      expect(await keys.authenticate(randomSecrets.digest(second.secret))).toBeNull();
      await expect(keys.rotate(id, second.key.id, newKey().key, 0)).rejects.toMatchObject({ reason: "STATE_FORBIDS" });
      expect(await keys.authenticate(randomSecrets.digest(third.secret))).toMatchObject({ scopes: ["memory:read"] });
    });

    it("finds and revokes a key inside its own workspace alone", async () => {
      const [own, other] = [(await newWorkspace()).workspace.id, (await newWorkspace()).workspace.id];
      const { keys } = database.storage;
      const { key } = newKey();
      await keys.create(own, key);
      expect(await keys.get(other, key.id)).toBeNull();
      await expect(keys.revoke(other, key.id)).rejects.toMatchObject({ reason: "KEY_NOT_FOUND" });
      const revoked = await keys.revoke(own, key.id);
      expect((await keys.revoke(own, key.id)).revokeTime).toEqual(revoked.revokeTime);
    });

    it("erases a workspace with its keys, and a second time there is none", async () => {
      const { workspace, secret } = await newWorkspace();
      const { workspaces, keys } = database.storage;
      const { signal } = new AbortController();
      await workspaces.delete(workspace.handle, signal);
      expect(await keys.authenticate(randomSecrets.digest(secret))).toBeNull();
      await expect(workspaces.delete(workspace.id, signal)).rejects.toMatchObject({ reason: "WORKSPACE_NOT_FOUND" });
    });
  });
});
