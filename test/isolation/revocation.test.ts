import { afterAll, beforeAll, expect, it } from "vitest";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { failureOf } from "../app/call-failure.ts";
import { describeOnEngines, describeOnPostgres } from "../app/engines.ts";
import { type FreshDatabase, freshDatabase } from "../app/fresh-database.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { makeKey, makeWorkspace, memoriesOf } from "../app/tenants.ts";
import { clientOf } from "../app/wires.ts";

const refused = { code: "UNAUTHENTICATED", reason: "CREDENTIALS_INVALID" };

describeOnEngines("a key", (engine) => {
  let app: ServedApp;

  beforeAll(async () => {
    app = await serveApp(engine);
  });

  afterAll(() => app.close());

  it("is refused by its own server at once when it is revoked, rotated, or its workspace deleted", async () => {
    const workspace = await makeWorkspace(app);
    const keys = clientOf(KeyService, app, workspace);
    const revoked = await makeKey(app, workspace);
    const rotated = await makeKey(app, workspace);
    for (const key of [revoked, rotated]) await memoriesOf(app, key).listMemories({});
    await keys.revokeKey({ keyId: revoked.id });
    expect(await failureOf(memoriesOf(app, revoked).listMemories({}))).toMatchObject(refused);

    const { secret } = await keys.rotateKey({ keyId: rotated.id });
    expect(await failureOf(memoriesOf(app, rotated).listMemories({}))).toMatchObject(refused);
    await memoriesOf(app, { key: secret }).listMemories({});

    await clientOf(WorkspaceService, app, { key: app.rootKey }).deleteWorkspace({ workspace: workspace.id });
    expect(await failureOf(memoriesOf(app, workspace).listMemories({}))).toMatchObject(refused);
  });

  it("goes on for the overlap of a rotation", async () => {
    const workspace = await makeWorkspace(app);
    const { id, key } = await makeKey(app, workspace);
    await clientOf(KeyService, app, workspace).rotateKey({ keyId: id, overlap: { seconds: 4n } });
    await memoriesOf(app, { key }).listMemories({});
    await new Promise((done) => setTimeout(done, 4050));
    expect(await failureOf(memoriesOf(app, { key }).listMemories({}))).toMatchObject({
      code: "UNAUTHENTICATED",
    });
  });

  it("never shows its secret again", async () => {
    const workspace = await makeWorkspace(app);
    const { key } = await makeKey(app, workspace);
    const { keys } = await clientOf(KeyService, app, workspace).listKeys({});
    expect(JSON.stringify(keys.map(({ createTime, ...one }) => one))).not.toContain(key.slice(-30));
    expect(JSON.stringify(app.lines)).not.toContain(key);
  });
});

describeOnPostgres("a key that another server revokes", (engine) => {
  let database: FreshDatabase;
  let one: ServedApp;
  let other: ServedApp;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    one = await serveApp(engine, { database });
    other = await serveApp(engine, { database, rootKey: one.rootKey });
  });

  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    await database.drop();
  });

  it("is refused within a second, although it was just in use", async () => {
    const workspace = await makeWorkspace(one);
    const made = await makeKey(one, workspace);
    const memories = memoriesOf(other, made);
    let lastSuccess = 0;
    let failure: unknown;
    const poll = async () => {
      while (failure === undefined) {
        const began = Date.now();
        await memories.listMemories({}).then(
          () => {
            lastSuccess = began;
          },
          (error: unknown) => {
            failure = error;
          },
        );
      }
    };
    const polling = poll();
    await new Promise((done) => setTimeout(done, 300));
    await clientOf(KeyService, one, workspace).revokeKey({ keyId: made.id });
    const revoked = Date.now();
    await polling;
    expect(await failureOf(Promise.reject(failure))).toMatchObject(refused);
    expect(lastSuccess).toBeGreaterThan(0);
    expect(lastSuccess - revoked).toBeLessThan(1000);
  });
});
