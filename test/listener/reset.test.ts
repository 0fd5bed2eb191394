import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type ClientHttp2Session, connect, constants } from "node:http2";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SERVER = join(import.meta.dirname, "aborting-server.ts");

describe("a call over HTTP/2 that is given up as its answer begins", () => {
  let server: ChildProcess;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    server = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", SERVER], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(server.stdout!, "data");
    session = connect(`http://127.0.0.1:${/\d+/.exec(String(line))![0]}`);
    session.on("error", () => {});
  });
  afterAll(() => {
    session.destroy();
    server.kill();
  });

  // Each several times on one connection: the process that it may end serves all of them.
  it.each(["/", "/ended", "/at-once"])("is reset, and the server goes on (%s)", async (path) => {
    for (let call = 0; call < 5; call++) {
      const stream = session.request({ ":method": "POST", ":path": path });
      stream.on("error", () => {});
      stream.resume().end("request");
      await once(stream, "close");
      // What was whole may have left before.
      if (path !== "/ended") expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
    }
    expect(server.exitCode ?? server.signalCode).toBeNull();
  });
});
