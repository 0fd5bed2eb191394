import { once } from "node:events";
import { createSecureServer } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { selfSigned } from "../../listener/certificates.ts";
import { connect, failureOf, opened } from "./opened.ts";

const pair = selfSigned("cairn");

/** A port that counts its connections and hands them to a server over TLS, or ends them as one in cleartext does. */
async function serve(speaks: "TLS" | "cleartext") {
  const secure = createSecureServer(pair);
  const sockets: Socket[] = [];
  const port = createServer((socket) => {
    sockets.push(socket);
    if (speaks === "TLS") secure.emit("connection", socket);
    else socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  port.listen(0, "0.0.0.0");
  await once(port, "listening");
  opened.push(async () => {
    for (const socket of sockets) socket.destroy();
    port.close();
    await once(port, "close");
  });
  return { sockets, port: (port.address() as AddressInfo).port };
}

describe.each(["connect", "grpc", "grpc-web"] as const)("a TypeScript client over %s", (protocol) => {
  it.each([
    ["nobody vouches for", "127.0.0.1", {}, /self.signed/],
    ["is another host's", "127.0.0.2", { ca: pair.cert }, /127\.0\.0\.2/],
  ])(
    "takes a server whose certificate %s for unavailable, says what to do, and asks once",
    async (_, host, ca, why) => {
      const { sockets, port } = await serve("TLS");
      const failure = await failureOf(
        connect({ url: `https://${host}:${port}`, protocol, ...ca }).memories.getMemory({}),
      );
      expect([Code[failure.code], sockets.length]).toEqual(["Unavailable", 1]);
      expect(failure.message).toMatch(/the server's certificate is not trusted: .*; check the address .* option ca$/);
      expect(failure.message).toMatch(why);
    },
  );

  it("takes a server that speaks no TLS for unavailable", async () => {
    const { port } = await serve("cleartext");
    const failure = await failureOf(connect({ url: `https://127.0.0.1:${port}`, protocol }).memories.getMemory({}));
    expect(Code[failure.code]).toBe("Unavailable");
  });
});
