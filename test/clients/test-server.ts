import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshDatabase } from "../app/fresh-database.ts";
import { type LogLine, type ServedApp, serveApp } from "../app/served-app.ts";
import { makeKey, makeWorkspace } from "../app/tenants.ts";
import { selfSigned } from "../listener/certificates.ts";
import { type ControlServer, serveControl } from "./control-server.ts";
import { heldWrites } from "./held-writes.ts";
import { instructions } from "./instructions.ts";
import type { Run } from "./plan.ts";

/** Cairn on Postgres, once in cleartext and once over TLS, on one database. */
export interface TestServer {
  readonly control: ControlServer;
  /** File with the certificate in PEM. */
  readonly ca: string;
  readonly cleartext: ServedApp;
  /** A run in a workspace of its own. */
  makeRun(wire: string, tls: boolean): Promise<Run>;
  lines(): readonly LogLine[];
  close(): Promise<void>;
}

export async function serveForClients(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-clients-"));
  const pair = selfSigned("cairn");
  const [cert, key] = [join(folder, "ca.pem"), join(folder, "key.pem")];
  writeFileSync(cert, pair.cert);
  writeFileSync(key, pair.key, { mode: 0o600 });
  const database = await freshDatabase("postgres");
  const begun = new Set<string>();
  const interceptors = [instructions(begun), heldWrites(database.url as string)];
  const common = { CORS_ORIGINS: "*", MAX_CONCURRENT_STREAMS: "1000" };
  const cleartext = await serveApp("postgres", { database, interceptors, env: common });
  const { rootKey } = cleartext;
  const env = { ...common, TLS_CERT_FILE: cert, TLS_KEY_FILE: key };
  const secure = await serveApp("postgres", { database, interceptors, rootKey, env });
  const lines = () => [...cleartext.lines, ...secure.lines];
  const control = await serveControl(lines, begun);
  return {
    ...{ control, ca: cert, cleartext, lines },
    makeRun: async (wire, tls) => {
      const workspace = await makeWorkspace(cleartext);
      const reader = await makeKey(cleartext, workspace, { scopes: ["memory:read"] });
      const { url } = tls ? secure : cleartext;
      return { wire, tls, url, key: workspace.key, read_key: reader.key };
    },
    close: async () => {
      await Promise.all([control.close(), cleartext.close(), secure.close()]);
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}
