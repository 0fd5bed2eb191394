import type { ClientLanguage } from "../client-language.ts";

/** The TypeScript client on a page, bundled as an application would. */
export const browser: ClientLanguage = {
  name: "browser",
  wires: ["connect", "connect-json", "grpc-web"],
  stormWire: "connect",
  build: [],
  runner: { argv: ["node", "test/clients/typescript/browser-runner.ts"] },
  stranger: null,
};
