import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Http2Exchange } from "../../src/server/http2-exchange.ts";

// Gives every call up in the very turn in which it began to answer it. A process of its own: Node may end it.
const server = createServer();
server.on("stream", (stream, headers) => {
  const exchange = new Http2Exchange(stream, headers);
  const giveUp = () => {
    exchange.head(200, { "content-type": "application/grpc" });
    if (headers[":path"] === "/ended") exchange.end({ "grpc-status": "0" });
    exchange.abort();
  };
  if (headers[":path"] === "/at-once") {
    giveUp();
  } else {
    stream.resume().once("end", giveUp);
  }
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
