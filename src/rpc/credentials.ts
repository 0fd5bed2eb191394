import { DomainError } from "../domain/failure.ts";
import type { Credentials } from "../usecases/administration/authenticate.ts";

const BEARER = /^Bearer +([\x21-\x7e]{1,200})$/i;
const AGENT_HEADER = "cairn-agent";

/** Reads the credentials of a call's headers. Throws CREDENTIALS_MISSING, CREDENTIALS_INVALID. */
export function credentialsOf(header: Headers): Credentials {
  return { secret: secretOf(header.get("authorization")), agent: header.get(AGENT_HEADER) };
}

function secretOf(authorization: string | null): string {
  if (authorization === null || authorization === "") {
    throw new DomainError("CREDENTIALS_MISSING", "no credentials: send the header `Authorization: Bearer <key>`");
  }
  const match = BEARER.exec(authorization);
  if (match === null) {
    throw new DomainError("CREDENTIALS_INVALID", "the Authorization header is not `Bearer <key>`");
  }
  return match[1]!;
}
