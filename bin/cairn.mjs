#!/usr/bin/env node
// The `cairn` command. Runs main.ts in this process where its Node can, else under the Node that came with `npm ci`.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { capableNode, currentNodeIsCapable, incapable } from "./capable-node.mjs";
import { runInChild } from "./run-in-child.mjs";

const main = new URL("../src/main.ts", import.meta.url);
const node = capableNode();

if (node === null) {
  console.error(incapable);
  process.exit(1);
} else if (!existsSync(new URL("../node_modules/@connectrpc/connect", import.meta.url))) {
  console.error(
    'The packages that Cairn is built on are not installed. Run "npm ci" first, or "npm start", which does.',
  );
  process.exit(1);
} else if (currentNodeIsCapable()) {
  silenceExperimentalWarnings();
  await import(main.href);
} else {
  runInChild(node, ["--disable-warning=ExperimentalWarning", fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}

/** What --disable-warning=ExperimentalWarning does, without the second process that a flag would need. */
function silenceExperimentalWarnings() {
  const emit = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === "object" ? rest[0]?.type : rest[0];
    if (type !== "ExperimentalWarning") emit.call(process, warning, ...rest);
  };
}
