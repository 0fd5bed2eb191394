import { createHash, randomBytes } from "node:crypto";
import type { SecretSource } from "../domain/ports/secret-source.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET_BYTES = 32;
const SECRET_CHARACTERS = 43;

export const randomSecrets: SecretSource = {
  make: (prefix) => prefix + base62(randomBytes(SECRET_BYTES)),
  digest: (secret) => createHash("sha256").update(secret, "utf8").digest(),
};

/** All 256 bits in 43 digits, most significant first. */
function base62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let digits = "";
  for (let index = 0; index < SECRET_CHARACTERS; index++) {
    digits = BASE62[Number(value % 62n)]! + digits;
    value /= 62n;
  }
  return digits;
}
