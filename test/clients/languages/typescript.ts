import type { ClientLanguage } from "../client-language.ts";

export const typescript: ClientLanguage = {
  name: "typescript",
  wires: ["connect", "connect-json", "grpc", "grpc-web"],
  stormWire: "connect",
  build: [],
  runner: { argv: ["node", "test/clients/typescript/node-runner.ts"] },
  stranger: {
    readme: "gen/ts/README.md",
    fence: "js",
    file: "first.mjs",
    files: () => ({ "package.json": '{ "name": "newcomer", "private": true, "type": "module" }\n' }),
    install: (repository) => [
      { argv: ["npm", "install", "--no-audit", "--no-fund", "--install-links", `${repository}/gen/ts`] },
    ],
    run: { argv: ["node", "first.mjs"] },
  },
};
