import { isUuid } from "../../domain/agent.ts";
import { agentNotFound } from "../../domain/agent-not-found.ts";
import type { Caller, KeyScope } from "../../domain/caller.ts";
import { DomainError } from "../../domain/failure.ts";
import type { Credential } from "../../domain/key.ts";
import type { AgentStore } from "../../domain/ports/agent-store.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { KeyStore } from "../../domain/ports/key-store.ts";
import type { SecretSource } from "../../domain/ports/secret-source.ts";
import { ExpiringCache } from "./expiring-cache.ts";

/** Less than the second within which a revocation bites everywhere. */
const CACHE_MS = 800;

export interface AuthenticateDeps {
  readonly keys: KeyStore;
  readonly agents: AgentStore;
  readonly secrets: SecretSource;
  readonly clock: Clock;
}

/** What a call's headers say of who asks. */
export interface Credentials {
  readonly secret: string;
  /** UUID or handle that a workspace-wide key narrows itself to; null: none. */
  readonly agent: string | null;
}

/** What is asked for, and how the call is known. */
export interface Asked {
  /** The scope that the call asks for. */
  readonly scope: KeyScope;
  readonly callId: string;
  readonly api: string;
}

export type AuthenticateInput = Credentials & Asked;

/** Who asks, whatever it is that they ask for. */
export interface Identity {
  readonly credential: Credential;
  /** The agent that the call names, and its id; the id is null where there is none. Null: the call names no agent. */
  readonly agent: { readonly ref: string; readonly id: string | null } | null;
}

/** Turns a secret into a caller. Keys and agents are looked up at most once in 0.8 s each. */
export class Authenticator {
  readonly #deps: AuthenticateDeps;
  readonly #credentials: ExpiringCache<Credential>;
  readonly #agentIds: ExpiringCache<string>;

  constructor(deps: AuthenticateDeps) {
    this.#deps = deps;
    this.#credentials = new ExpiringCache(deps.clock, CACHE_MS);
    this.#agentIds = new ExpiringCache(deps.clock, CACHE_MS);
  }

  /** One after the other, for who has no identity yet. */
  async authenticate(input: AuthenticateInput): Promise<Caller> {
    return this.callerOf(await this.identify(input), input);
  }

  /** Whose credentials they are; at once where that is known. Throws or rejects with CREDENTIALS_INVALID, CREDENTIALS_EXPIRED. */
  identify({ secret, agent }: Credentials): Identity | Promise<Identity> {
    const credential = this.#credentials.peek(secret);
    if (credential === undefined) {
      return this.#lookUp(secret, agent);
    }
    if (agent === null) {
      return { credential: this.#unexpired(credential), agent: null };
    }
    const id = this.#agentIds.peek(agentKey(credential.workspaceId, agent));
    return id === undefined
      ? this.#lookUp(secret, agent)
      : { credential: this.#unexpired(credential), agent: { ref: agent, id } };
  }

  /** True where the secret was that of a key a while ago; whether it still is only a look-up can say. */
  recognises(secret: string): boolean {
    return this.#credentials.remembers(secret);
  }

  /** Throws SCOPE_MISSING. */
  demandScope({ credential }: Identity, scope: KeyScope): void {
    if (!credential.scopes.includes(scope)) {
      throw new DomainError("SCOPE_MISSING", `the key lacks the scope ${scope}`, { scope });
    }
  }

  /** What an identity may do for one call. Throws SCOPE_MISSING, AGENT_MISMATCH, AGENT_NOT_FOUND. */
  callerOf(identity: Identity, asked: Asked): Caller {
    this.demandScope(identity, asked.scope);
    const { credential, agent } = identity;
    return {
      workspaceId: credential.workspaceId,
      keyId: credential.id,
      scopes: new Set(credential.scopes),
      agentId: agent === null ? credential.agentId : agentIdOf(credential, agent, asked.scope),
      boundToAgent: credential.agentId !== null,
      registersAgents: credential.agentId === null && (agent === null || isUuid(agent.ref)),
      volumeId: credential.volumeId,
      expireTime: credential.expireTime,
      callId: asked.callId,
      api: asked.api,
      language: credential.language,
    };
  }

  /** A key was made, changed or revoked here: what is known of keys and agents is out of date. */
  forget(): void {
    this.#credentials.clear();
    this.#agentIds.clear();
  }

  async #lookUp(secret: string, ref: string | null): Promise<Identity> {
    const credential = await this.#credentials.get(secret, () =>
      this.#deps.keys.authenticate(this.#deps.secrets.digest(secret)),
    );
    if (credential === null) {
      throw new DomainError("CREDENTIALS_INVALID", "the key is unknown or revoked");
    }
    this.#unexpired(credential);
    return { credential, agent: ref === null ? null : { ref, id: await this.#resolve(credential.workspaceId, ref) } };
  }

  #unexpired(credential: Credential): Credential {
    if (credential.expireTime !== null && credential.expireTime.getTime() <= this.#deps.clock.now()) {
      throw new DomainError("CREDENTIALS_EXPIRED", "the key has expired");
    }
    return credential;
  }

  #resolve(workspaceId: string, ref: string): Promise<string | null> {
    return this.#agentIds.get(agentKey(workspaceId, ref), async () => {
      const agent = await this.#deps.agents.find(workspaceId, ref);
      return agent?.id ?? null;
    });
  }
}

function agentKey(workspaceId: string, ref: string): string {
  return `${workspaceId} ${ref}`;
}

function agentIdOf(credential: Credential, { ref, id }: NonNullable<Identity["agent"]>, scope: KeyScope): string {
  if (credential.agentId !== null && credential.agentId !== id) {
    throw new DomainError("AGENT_MISMATCH", `the key is bound to another agent than ${ref}`, { agent: ref });
  }
  // A write registers an agent that is first seen by its UUID, so that a first call succeeds.
  const registers = isUuid(ref) && scope === "memory:write";
  if (id === null && !registers) {
    throw agentNotFound(ref);
  }
  return id ?? ref.toLowerCase();
}
