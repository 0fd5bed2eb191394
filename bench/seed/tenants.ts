import { createHash } from "node:crypto";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";

export interface Tenant {
  readonly workspaceId: string;
  readonly keyId: string;
  readonly handle: string;
  /** A key with every scope that a workspace's own key has. */
  readonly secret: string;
  readonly memories: number;
}

/** A share of all memories for the three largest, a hundredth of the memories to the middle, the rest a long tail. */
const SHARES = { largest: 0.3, large: 0.1, middle: 0.001 };

/** A thousand tenants, skewed: of 100,000 memories one has 30,000, two have 10,000, three hundred have 100. */
export function tenantsOf(memories: number): readonly Tenant[] {
  const sizes = [memories * SHARES.largest, memories * SHARES.large, memories * SHARES.large];
  for (let at = 0; at < 300; at++) sizes.push(memories * SHARES.middle);
  // What is left goes to 697 by a power law.
  const left = memories - sizes.reduce((sum, size) => sum + size, 0);
  const weights = Array.from({ length: 697 }, (_, at) => 1 / (at + 20));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  sizes.push(...weights.map((weight) => (left * weight) / whole));
  const ids = createUuidV7Source({ now: Date.now });
  return sizes.map((size, at) => {
    const workspaceId = ids.next();
    const secret = `cairn_bench-tenant-${at}-0123456789abcdef`;
    return { workspaceId, keyId: ids.next(), handle: `tenant-${at}`, secret, memories: Math.max(1, Math.round(size)) };
  });
}

export function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret, "utf8").digest();
}
