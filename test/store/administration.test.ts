import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Caller } from "../../src/domain/caller.ts";
import { DEFAULT_SETTINGS } from "../../src/domain/workspace.ts";
import { randomSecrets } from "../../src/system/secret.ts";
import { systemClock } from "../../src/system/system-clock.ts";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";
import { Authenticator } from "../../src/usecases/administration/authenticate.ts";
import { createWorkspace, ensureRoot, updateWorkspace } from "../../src/usecases/administration/manage-workspaces.ts";
import { mintKey } from "../../src/usecases/administration/mint-key.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type Database, openDatabase } from "../search/open-database.ts";

const ids = createUuidV7Source(systemClock);

describeOnEngines("agents, keys and workspaces", (engine) => {
  describe.each(["both", "rls-only", "predicates-only"] as const)("kept apart by %s", (tenancy) => {
    let database: Database;
    const deps = () => ({ workspaces: database.storage.workspaces, ids, secrets: randomSecrets, forget: () => {} });
    const newWorkspace = (handle = `w-${ids.next()}-x`) =>
      createWorkspace(deps(), root, { handle, displayName: "", settings: DEFAULT_SETTINGS });
    const rootSecret = randomSecrets.make("cairn_");
    let root: Caller;
    /** What calls with the workspace's first key. */
    const callerIn = ({ workspace, key }: Awaited<ReturnType<typeof newWorkspace>>) => ({
      workspaceId: workspace.id,
      keyId: key.id,
    });
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
      await ensureRoot(deps(), { secrets: [rootSecret], endOthers: false });
      const { keys, agents } = database.storage;
      const authenticator = new Authenticator({ keys, agents, secrets: randomSecrets, clock: systemClock });
      const call = { secret: rootSecret, agent: null, scope: "operator", callId: "call", api: "native" } as const;
      root = await authenticator.authenticate(call);
    });
    afterAll(() => database.close());

    it("makes one root key however often and however many at once ask", async () => {
      const secret = randomSecrets.make("cairn_");
      await Promise.all([1, 2, 3, 4].map(() => ensureRoot(deps(), { secrets: [secret], endOthers: false })));
      const made = await database.storage.keys.authenticate(randomSecrets.digest(secret));
      expect(made?.scopes).toContain("operator");
      expect(await database.storage.keys.list(made!.workspaceId, null, 10)).toHaveLength(2);
    });

    it("brings the configured root keys back to life, and ends a former one where they replace it", async () => {
      const { keys } = database.storage;
      const [former, next, made] = [1, 2, 3].map(() => randomSecrets.make("cairn_")) as [string, string, string];
      const live = async () => {
        const found = [former, next, made].map((secret) => keys.authenticate(randomSecrets.digest(secret)));
        return (await Promise.all(found)).map((key) => key !== null);
      };
      const { secret } = await newWorkspace();
      const start = (secrets: string[], endOthers = true) => ensureRoot(deps(), { secrets, endOthers });
      try {
        await start([former]);
        const { id, workspaceId } = (await keys.authenticate(randomSecrets.digest(former)))!;
        await keys.revoke(workspaceId, id);
        await start([former]);
        expect(await live()).toEqual([true, false, false]);
        await start([former, next]);
        expect(await live()).toEqual([true, true, false]);
        await start([next]);
        expect(await live()).toEqual([false, true, false]);
        await start([made], false);
        expect(await live()).toEqual([false, true, true]);
        await start([former]);
        expect(await live()).toEqual([true, false, false]);
        await expect(start([secret])).rejects.toMatchObject({ reason: "STATE_FORBIDS" });
        expect(await live()).toEqual([true, false, false]);
      } finally {
        await start([rootSecret]);
      }
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
      const made = await newWorkspace();
      const { id } = made.workspace;
      const agent = await database.storage.agents.create(id, { id: ids.next(), handle: "scout", displayName: "" });
      const { key, secret } = newKey(agent.id);
      await database.storage.keys.create(callerIn(made), key);
      expect(await database.storage.agents.delete(id, "scout")).toEqual({ agentId: agent.id, revokedKeys: 1 });
      expect(await database.storage.keys.authenticate(randomSecrets.digest(secret))).toBeNull();
    });

    it("rotates a key at once or with an overlap, and refuses a revoked one", async () => {
      const caller = callerIn(await newWorkspace());
      const { keys } = database.storage;
      const [first, second, third] = [newKey(), newKey(), newKey()];
      await keys.create(caller, first.key);
      await keys.rotate(caller, first.key.id, 60_000, () => second.key);
      const kept = await keys.authenticate(randomSecrets.digest(first.secret));
      expect(kept?.expireTime?.getTime()).toBeGreaterThan(Date.now());
      await keys.rotate(caller, second.key.id, 0, () => third.key);
      expect(await keys.authenticate(randomSecrets.digest(second.secret))).toBeNull();
      const again = keys.rotate(caller, second.key.id, 0, () => newKey().key);
      await expect(again).rejects.toMatchObject({ reason: "STATE_FORBIDS" });
      expect(await keys.authenticate(randomSecrets.digest(third.secret))).toMatchObject({ scopes: ["memory:read"] });
    });

    it("finds and revokes a key inside its own workspace alone", async () => {
      const made = await newWorkspace();
      const [own, other] = [made.workspace.id, (await newWorkspace()).workspace.id];
      const { keys } = database.storage;
      const { key } = newKey();
      await keys.create(callerIn(made), key);
      expect(await keys.get(other, key.id)).toBeNull();
      await expect(keys.revoke(other, key.id)).rejects.toMatchObject({ reason: "KEY_NOT_FOUND" });
      const revoked = await keys.revoke(own, key.id);
      expect((await keys.revoke(own, key.id)).revokeTime).toEqual(revoked.revokeTime);
    });

    it("makes no key for a caller whose own was revoked or has expired meanwhile", async () => {
      const made = await newWorkspace();
      const { keys, workspaces } = database.storage;
      const [target, expired] = [newKey(), newKey()];
      await keys.create(callerIn(made), target.key);
      const past = { ...expired.key, expireTime: new Date(Date.now() - 1) };
      await keys.create(callerIn(made), past);
      await keys.revoke(made.workspace.id, made.key.id);
      for (const [keyId, reason] of [
        [made.key.id, "CREDENTIALS_INVALID"],
        [past.id, "CREDENTIALS_EXPIRED"],
      ] as const) {
        const caller = { workspaceId: made.workspace.id, keyId };
        await expect(keys.create(caller, newKey().key)).rejects.toMatchObject({ reason });
        await expect(keys.rotate(caller, target.key.id, 0, () => newKey().key)).rejects.toMatchObject({ reason });
        const workspace = { id: ids.next(), handle: "too-late", displayName: "", settings: DEFAULT_SETTINGS };
        await expect(workspaces.create(caller, workspace, newKey().key)).rejects.toMatchObject({ reason });
      }
      expect(await keys.authenticate(randomSecrets.digest(target.secret))).not.toBeNull();
      expect(await keys.list(made.workspace.id, null, 10)).toHaveLength(3);
    });

    it("erases a workspace with its keys, and a second time there is none", async () => {
      const { workspace, secret } = await newWorkspace();
      const { workspaces, keys } = database.storage;
      const { signal } = new AbortController();
      await workspaces.delete(workspace.handle, signal, () => {});
      expect(await keys.authenticate(randomSecrets.digest(secret))).toBeNull();
      await expect(workspaces.delete(workspace.id, signal, () => {})).rejects.toMatchObject({
        reason: "WORKSPACE_NOT_FOUND",
      });
    });
  });
});
