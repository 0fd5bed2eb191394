import type { KeyScope } from "../../domain/caller.ts";
import type { IdSource } from "../../domain/ports/id-source.ts";
import type { NewKey } from "../../domain/ports/key-store.ts";
import type { SecretSource } from "../../domain/ports/secret-source.ts";

export const DEFAULT_KEY_PREFIX = "cairn_";
/** Characters of the random part that stay visible, so that a person can tell keys apart. */
const VISIBLE_CHARACTERS = 4;

export interface MintKeyInput {
  readonly displayName: string;
  readonly scopes: readonly KeyScope[];
  readonly agentId: string | null;
  readonly volumeId: string | null;
  readonly expireTime: Date | null;
  /** Empty: `cairn_`. */
  readonly prefix: string;
}

/** Makes a secret and the row that knows it by its digest alone. */
export function mintKey(
  deps: { readonly ids: IdSource; readonly secrets: SecretSource },
  input: MintKeyInput,
): { key: NewKey; secret: string } {
  const prefix = input.prefix === "" ? DEFAULT_KEY_PREFIX : input.prefix;
  const secret = deps.secrets.make(prefix);
  return { key: keyOfSecret(deps, input, secret, prefix.length), secret };
}

/** The row of a secret that exists already, such as the root key's. */
export function keyOfSecret(
  deps: { readonly ids: IdSource; readonly secrets: SecretSource },
  input: Omit<MintKeyInput, "prefix">,
  secret: string,
  prefixLength: number,
): NewKey {
  return {
    id: deps.ids.next(),
    digest: deps.secrets.digest(secret),
    displayName: input.displayName,
    secretPrefix: secret.slice(0, prefixLength + VISIBLE_CHARACTERS),
    scopes: input.scopes,
    agentId: input.agentId,
    volumeId: input.volumeId,
    expireTime: input.expireTime,
  };
}
