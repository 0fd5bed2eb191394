import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ServedCairn {
  /** Such as `http://127.0.0.1:8123`. */
  baseUrl: string;
  /** The root key: all scopes, workspace `default`. */
  key: string;
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts `cairn serve` as a process of its own on a fresh PGlite folder and waits until it is ready.
 *
 * @throws Error with the server's output where it ends first, or is not ready within 60 s.
 */
export async function serveCairn(environment: Readonly<Record<string, string>>): Promise<ServedCairn> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-browser-"));
  const key = `cairn_${randomBytes(48)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "0")
    .slice(0, 43)}`;
  const port = await freePort();
  const server = spawn(process.execPath, [join(import.meta.dirname, "../../bin/cairn.mjs"), "serve"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      // No setting of the machine's own reaches the server under test.
      PATH: process.env.PATH,
      CAIRN_CI: process.env.CAIRN_CI,
      HOST: "127.0.0.1",
      PORT: String(port),
      CAIRN_DATA_DIR: folder,
      CAIRN_ROOT_KEY: key,
      LOG_LEVEL: "warn",
      ...environment,
    },
  });
  const output: string[] = [];
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const baseUrl = `http://127.0.0.1:${port}`;
  try {
    await ready(baseUrl, server);
  } catch (error) {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${String(error)}\n${output.join("")}`);
  }
  return {
    baseUrl,
    key,
    stop: async () => {
      if (server.exitCode === null && server.kill("SIGTERM")) await once(server, "exit");
      rmSync(folder, { recursive: true, force: true });
      return server.exitCode;
    },
  };
}

async function ready(baseUrl: string, server: ChildProcess): Promise<void> {
  for (const began = Date.now(); Date.now() - began < 60_000; ) {
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error("cairn serve ended before it was ready");
    const answer = await fetch(`${baseUrl}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("cairn serve was not ready within 60 s");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
