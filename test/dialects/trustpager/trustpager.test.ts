import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentService } from "../../../gen/server/cairn/v1/agent_service_pb.ts";
import { describeOnEngines } from "../../app/engines.ts";
import { errorLines, type ServedApp } from "../../app/served-app.ts";
import { shareApp } from "../../app/shared-app.ts";
import { makeKey, makeWorkspace } from "../../app/tenants.ts";
import { type Credentials, clientOf } from "../../app/wires.ts";
import { golden } from "../golden.ts";
import { contradictions } from "../openapi-check.ts";
import { play } from "../transcript.ts";
import { agents, scenarios } from "./scenarios.ts";

describeOnEngines("TrustPager's documented examples", (engine) => {
  let app: ServedApp;

  beforeAll(async () => {
    app = await shareApp(engine);
  });

  afterAll(async () => {
    const errors = errorLines(app);
    await app.close();
    expect(errors).toEqual([]);
  });

  /** A workspace of its own for each scenario, with a key for each who speaks in it. */
  const cast = async (): Promise<Record<string, Credentials>> => {
    const workspace = await makeWorkspace(app);
    for (const [handle, agentId] of Object.entries(agents)) {
      await clientOf(AgentService, app, workspace).createAgent({ handle, agentId });
    }
    const keyed = async (options: Parameters<typeof makeKey>[2]) => ({
      key: (await makeKey(app, workspace, options)).key,
    });
    return {
      agent: await keyed({}),
      other_agent: await keyed({ agent: "other_agent" }),
      reader: await keyed({ scopes: ["memory:read"] }),
      writer: await keyed({ scopes: ["memory:write"] }),
      other_workspace: { key: (await makeWorkspace(app)).key },
    };
  };

  describe.each(["/v1/memory", "/functions/v1/api/v1/memory"])("at %s", (base) => {
    it.each(Object.entries(scenarios))("are answered as the golden file says: %s", async (name, steps) => {
      const { exchanges, raw } = await play(app, base, await cast(), steps);
      expect(exchanges).toEqual(golden(join(import.meta.dirname, `${name}.golden.json`), exchanges));
      expect(raw.flatMap(contradictions)).toEqual([]);
    });
  });
});
