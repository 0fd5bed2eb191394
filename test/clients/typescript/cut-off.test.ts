import { constants } from "node:http2";
import { setImmediate as soon } from "node:timers/promises";
import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { type Cut, cutAnswer } from "./cut-answer.ts";
import { frame, GOAWAY, serveFrames, unknownMethod } from "./frame-server.ts";
import { connect, failureOf } from "./opened.ts";

const contentTypes = {
  connect: "application/proto",
  grpc: "application/grpc+proto",
  "grpc-web": "application/grpc-web+proto",
} as const;
const codes = [
  constants.NGHTTP2_NO_ERROR,
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_INTERNAL_ERROR,
  constants.NGHTTP2_STREAM_CLOSED,
  constants.NGHTTP2_REFUSED_STREAM,
  constants.NGHTTP2_CANCEL,
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
];
const serveCut = (contentType: string, cut: Cut) => serveFrames(cutAnswer(contentType, cut));
/** A reset that comes with what is sent of the answer, and one that comes when that has been read. */
const cuts = codes.flatMap((code) => [0, 5].map((delayMs) => ({ code, delayMs })));

describe.each(["connect", "grpc", "grpc-web"] as const)("a TypeScript client over %s", (protocol) => {
  it.each(["nothing", "headers", "message"] as const)(
    "takes an answer for lost whose stream is reset after %s of it, repeats the read, and never a purge",
    async (after) => {
      const outcome = async (method: "getMemory" | "purgeMemory", cut: Cut) => {
        const seen = await serveCut(contentTypes[protocol], cut);
        const failure = await failureOf(connect({ url: seen.url, protocol }).memories[method]({}));
        return { ...cut, method, code: Code[failure.code], calls: seen.calls };
      };
      for (const cut of cuts.map((one) => ({ ...one, after }))) {
        const read = { ...cut, method: "getMemory", code: "Unimplemented", calls: 2 };
        expect(await outcome("getMemory", cut)).toEqual(read);
        const purge = { ...cut, method: "purgeMemory", code: "Unavailable", calls: 1 };
        expect(await outcome("purgeMemory", cut)).toEqual(purge);
      }
    },
  );

  it("takes a search for lost that ends before it is whole, and repeats it where nothing of it has come", async () => {
    const contentType = protocol === "connect" ? "application/connect+proto" : contentTypes[protocol];
    for (const { delayMs } of cuts) {
      const bare = await serveCut(contentType, { after: "headers", code: null, delayMs });
      const failure = await failureOf(
        connect({ url: bare.url, protocol }).search("tea")[Symbol.asyncIterator]().next(),
      );
      expect([Code[failure.code], bare.calls]).toEqual(["Unimplemented", 2]);
      const begun = await serveCut(contentType, { after: "message", code: null, delayMs });
      const results = connect({ url: begun.url, protocol }).search("tea")[Symbol.asyncIterator]();
      expect((await results.next()).done).toBe(false);
      expect([Code[(await failureOf(results.next())).code], begun.calls]).toEqual(["Unavailable", 1]);
    }
  });

  it("outlives connections that a server takes leave of as it answers", async () => {
    // An error that nobody hears ends the process, and here the run.
    const leave = (stream: number) => frame(GOAWAY, 0, 0, Buffer.from([0, 0, 0, stream, 0, 0, 0, 0]));
    const { url } = await serveFrames((stream) => Buffer.concat([unknownMethod(stream), leave(stream)]));
    const { memories } = connect({ url, protocol });
    for (let times = 0; times < 40; times++) {
      expect(Code[(await failureOf(memories.getMemory({}))).code]).toBe("Unimplemented");
      // The next call begins as the connection is given up, or right before.
      if (times % 4 !== 0) await soon();
    }
  });
});
