import { Code, type ConnectError, type ContextValues, createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { MemoryService as TrustpagerService } from "../../gen/server/trustpager/v1/memory_pb.ts";
import { trustpagerService } from "../compat/trustpager/trustpager-service.ts";
import type { Caller } from "../domain/caller.ts";
import { DomainError } from "../domain/failure.ts";
import type { Credential } from "../domain/key.ts";
import type { AgentStore } from "../domain/ports/agent-store.ts";
import type { KeyStore } from "../domain/ports/key-store.ts";
import { Authenticator } from "../usecases/administration/authenticate.ts";
import type { CallRecord } from "./call-log.ts";
import { createInProcessTransport, mount } from "./in-process-transport.ts";
import { admissions, dialectInterceptors, nativeInterceptors } from "./native-services.ts";
import { scopeOf } from "./scope.ts";

const CALLER: Caller = {
  workspaceId: "w",
  keyId: "k",
  scopes: new Set(["memory:read"]),
  agentId: null,
  boundToAgent: false,
  registersAgents: true,
  volumeId: null,
  expireTime: null,
  callId: "c",
  api: "native",
  language: "english",
};

/** A chain whose every step leaves a line, around a handler that does. */
function traced(refuse?: "credentials") {
  const lines: string[] = [];
  const records: CallRecord[] = [];
  const authenticator = {
    authenticate: async (credentials: { callId: string }) => {
      lines.push(`authenticate ${credentials.callId}`);
      if (refuse) {
        throw new DomainError("CREDENTIALS_INVALID", "no");
      }
      return CALLER;
    },
  } as unknown as Authenticator;
  const calls = { finished: (call: CallRecord) => records.push(call) && lines.push(`log ${call.code}`) };
  const interceptors = nativeInterceptors({ ids: { next: () => "made-up" }, calls, authenticator });
  const implementation = {
    getMemory: async () => {
      lines.push("handle");
      throw new Error("secret detail");
    },
  };
  return { lines, records, interceptors, implementation };
}

const ID = "01940000-0000-7000-8000-000000000000";
const headers = { authorization: "Bearer x", "x-request-id": "call-1" };

/** The same chain under Connect's own router and in our transport. */
function clientsOf(chain: ReturnType<typeof traced>) {
  const implementation = chain.implementation as never;
  const { interceptors } = chain;
  const router = createRouterTransport((one) => one.service(MemoryService, implementation), {
    router: { interceptors },
  });
  const own = createInProcessTransport([mount(MemoryService, implementation, interceptors)]);
  return { router: createClient(MemoryService, router), own: createClient(MemoryService, own) };
}

describe.each(["router", "own"] as const)("the native chain (%s)", (which) => {
  it("gives the id, authenticates, validates, handles, and logs the mapped code, in this order", async () => {
    const chain = traced();
    const client = clientsOf(chain)[which];
    await expect(client.getMemory({ memoryId: ID }, { headers })).rejects.toThrow("internal error (call call-1)");
    expect(chain.lines).toEqual(["authenticate call-1", "handle", "log internal"]);
    expect(String(chain.records[0]?.cause)).toContain("secret detail");
  });

  it("refuses a stranger before it looks at the message, and logs that", async () => {
    const chain = traced("credentials");
    const client = clientsOf(chain)[which];
    await expect(client.getMemory({ memoryId: "no uuid" }, { headers })).rejects.toThrow("[unauthenticated] no");
    expect(chain.lines).toEqual(["authenticate call-1", "log unauthenticated"]);
  });

  it("refuses a bad message before the handler, naming the field", async () => {
    const chain = traced();
    const client = clientsOf(chain)[which];
    await expect(client.getMemory({ memoryId: "no uuid" }, { headers })).rejects.toThrow(
      "[invalid_argument] memory_id: ",
    );
    expect(chain.lines).toEqual(["authenticate call-1", "log invalid_argument"]);
  });

  it("refuses a call without credentials and one whose header is no bearer", async () => {
    const client = clientsOf(traced())[which];
    await expect(client.getMemory({ memoryId: ID })).rejects.toThrow("no credentials");
    const basic = { authorization: "Basic eDp5" };
    await expect(client.getMemory({ memoryId: ID }, { headers: basic })).rejects.toThrow("is not `Bearer <key>`");
  });
});

describe("a call through the listener", () => {
  /** `msALook`: by how much the clock moves on with each look at it. */
  function lookingUp(found: Credential | null, msALook = 0) {
    let lookUps = 0;
    let now = 0;
    const authenticator = new Authenticator({
      keys: {
        authenticate: async () => {
          lookUps++;
          return found;
        },
      } as unknown as KeyStore,
      agents: {} as AgentStore,
      secrets: { make: () => "", digest: () => new Uint8Array() },
      clock: { now: () => (now += msALook) },
    });
    const records: CallRecord[] = [];
    const deps = {
      authenticator,
      ids: { next: () => "made-up" },
      calls: { finished: (call: CallRecord) => void records.push(call) },
    };
    return { deps, records, lookUps: () => lookUps };
  }

  const credential = { ...CALLER, id: "k", scopes: ["memory:read"], expireTime: null } as unknown as Credential;

  it("looks the key up once, also where a dialect makes several native calls of it", async () => {
    const { deps, records, lookUps } = lookingUp(credential);
    const implementation = {
      listMemories: async ({ afterMemoryId = "0" }) => ({
        memories: [
          { id: String(Number(afterMemoryId.slice(-1)) + 1).padStart(36, "01940000-0000-7000-8000-00000000000") },
        ],
        nextPageToken: "more",
      }),
    } as never;
    const native = createInProcessTransport(
      [mount(MemoryService, implementation, nativeInterceptors(deps))],
      "trustpager",
    );
    const dialect = mount(TrustpagerService, trustpagerService(native), dialectInterceptors(deps));
    const transport = createInProcessTransport([dialect], "trustpager");
    const { listMemory } = TrustpagerService.method;
    const admission = await admissions(deps, "trustpager").admit(listMemory, new Headers(headers));
    const { values } = admission as { values: ContextValues };
    const answer = await transport.unary(listMemory, undefined, undefined, headers, { limit: 3 }, values);
    expect(answer.message.data).toHaveLength(3);
    expect(records.map(({ api, code }) => `${api} ${code}`)).toEqual([
      "trustpager ok",
      "trustpager ok",
      "trustpager ok",
    ]);
    expect(lookUps()).toBe(1);
  });

  it("looks the key up again where its message took longer to come than a look-up stays good", async () => {
    const { deps, lookUps } = lookingUp(credential, 60_000);
    const headers = new Headers({ authorization: "Bearer k" });
    await admissions(deps).admit(MemoryService.method.listMemories, headers);
    const implementation = { listMemories: () => ({ memories: [] }) } as never;
    const transport = createInProcessTransport([mount(MemoryService, implementation, nativeInterceptors(deps))]);
    await transport.unary(MemoryService.method.listMemories, undefined, undefined, headers, {});
    expect(lookUps()).toBe(2);
  });

  it("is refused by the headers alone where the key lacks the method's scope, just looked up or known", async () => {
    const { deps, records, lookUps } = lookingUp(credential);
    const refusing = admissions(deps);
    for (let call = 0; call < 2; call++) {
      const admission = await refusing.admit(MemoryService.method.batchWriteMemories, new Headers(headers));
      expect((admission as { rejection: ConnectError }).rejection.code).toBe(Code.PermissionDenied);
    }
    expect(records.map(({ reason }) => reason)).toEqual(["SCOPE_MISSING", "SCOPE_MISSING"]);
    expect(lookUps()).toBe(1);
  });

  it("that is refused leaves the line of a call, and an error with its id", async () => {
    const { deps, records, lookUps } = lookingUp(null);
    const admission = await admissions(deps, "trustpager").admit(
      TrustpagerService.method.listMemory,
      new Headers(headers),
    );
    const { rejection } = admission as { rejection: ConnectError };
    expect([rejection.code, rejection.metadata.get("x-request-id")]).toEqual([Code.Unauthenticated, "call-1"]);
    expect(records).toMatchObject([
      { callId: "call-1", api: "trustpager", code: "unauthenticated", reason: "CREDENTIALS_INVALID" },
    ]);
    expect(lookUps()).toBe(1);
  });
});

describe("scopeOf()", () => {
  it("has a scope for every native method", () => {
    for (const service of [MemoryService, AgentService, KeyService, WorkspaceService, EmbeddingService]) {
      for (const method of service.methods) {
        expect(scopeOf(service, method.localName), method.name).toBeDefined();
      }
    }
  });
});
