import { isUuid } from "../domain/agent.ts";
import { agentNotFound } from "../domain/agent-not-found.ts";
import type { Caller, KeyScope } from "../domain/caller.ts";
import { DomainError } from "../domain/failure.ts";
import type { Credential } from "../domain/key.ts";
import type { AgentStore } from "../domain/ports/agent-store.ts";
import type { Clock } from "../domain/ports/clock.ts";
import type { KeyStore } from "../domain/ports/key-store.ts";
import type { SecretSource } from "../domain/ports/secret-source.ts";
import { ExpiringCache } from "./expiring-cache.ts";

/** Less than the second within which a revocation bites everywhere. */
const CACHE_MS = 800;

export interface AuthenticateDeps {
  readonly keys: KeyStore;
  readonly agents: AgentStore;
  readonly secrets: SecretSource;
  readonly clock: Clock;
}

export interface AuthenticateInput {
  readonly secret: string;
  /** UUID or handle that a workspace-wide key narrows itself to; null: none. */
  readonly agent: string | null;
  /** The scope that the call asks for. */
  readonly scope: KeyScope;
  readonly callId: string;
  readonly door: string;
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

  async authenticate(input: AuthenticateInput): Promise<Caller> {
    const credential = await this.#credentials.get(input.secret, () =>
      this.#deps.keys.authenticate(this.#deps.secrets.digest(input.secret)),
    );
    if (credential === null) {
      throw new DomainError("CREDENTIALS_INVALID", "the key is unknown or revoked");
    }
    if (credential.expireTime !== null && credential.expireTime.getTime() <= this.#deps.clock.now()) {
      throw new DomainError("CREDENTIALS_EXPIRED", "the key has expired");
    }
    if (!credential.scopes.includes(input.scope)) {
      throw new DomainError("SCOPE_MISSING", `the key lacks the scope ${input.scope}`, { scope: input.scope });
    }
    return {
      workspaceId: credential.workspaceId,
      keyId: credential.id,
      scopes: new Set(credential.scopes),
      agentId: await this.#agentOf(credential, input),
      boundToAgent: credential.agentId !== null,
      volumeId: credential.volumeId,
      expireTime: credential.expireTime,
      callId: input.callId,
      door: input.door,
      language: credential.language,
    };
  }

  /** A key was made, changed or revoked here: what is known of keys and agents is out of date. */
  forget(): void {
    this.#credentials.clear();
    this.#agentIds.clear();
  }

  async #agentOf(credential: Credential, input: AuthenticateInput): Promise<string | null> {
    if (input.agent === null) {
      return credential.agentId;
    }
    const ref = input.agent;
    const id = await this.#resolve(credential.workspaceId, ref);
    if (credential.agentId !== null && credential.agentId !== id) {
      throw new DomainError("AGENT_MISMATCH", `the key is bound to another agent than ${ref}`, { agent: ref });
    }
    // A write registers an agent that is first seen by its UUID, so that a first call succeeds.
    const registers = isUuid(ref) && input.scope === "memory:write";
    if (id === null && !registers) {
      throw agentNotFound(ref);
    }
    return id ?? ref.toLowerCase();
  }

  #resolve(workspaceId: string, ref: string): Promise<string | null> {
    return this.#agentIds.get(`${workspaceId} ${ref}`, async () => {
      const agent = await this.#deps.agents.find(workspaceId, ref);
      return agent?.id ?? null;
    });
  }
}
