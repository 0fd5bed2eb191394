import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { instructions } from "../clients/instructions.ts";
import { selfSigned } from "../listener/certificates.ts";

/** What foreign tools call the server over. */
export const doors = ["cleartext", "TLS"] as const;

/** Cairn, embedded, that obeys the x-request-ids of test/scenario.md. */
export interface InteropServer {
  readonly app: ServedApp;
  /** File with the certificate in PEM, where it serves over TLS. */
  readonly cert: string;
  close(): Promise<void>;
}

export async function serveInterop(door: (typeof doors)[number]): Promise<InteropServer> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-interop-"));
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const { cert, key } = selfSigned("cairn");
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const env = door === "TLS" ? { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } : {};
  const app = await serveApp("pglite", { env, interceptors: [instructions()] });
  return {
    ...{ app, cert: certFile },
    close: async () => {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
