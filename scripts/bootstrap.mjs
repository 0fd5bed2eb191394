// `npm start` and `npm test` from a bare clone, on any Node that runs npm: installs what is missing, then goes on under
// a Node that is new enough.
//
//   node scripts/bootstrap.mjs serve [arguments of cairn serve]
//   node scripts/bootstrap.mjs test [arguments of vitest run]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { capableNode, incapable } from "../bin/capable-node.mjs";
import { runInChild } from "../bin/run-in-child.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [task, ...rest] = process.argv.slice(2);
if (task !== "serve" && task !== "test") {
  console.error("usage: node scripts/bootstrap.mjs serve | test [arguments]");
  process.exit(2);
}

if (!installed(task === "test")) install();
if (task === "serve") {
  // In this very process where its Node is new enough: a signal to npm then reaches the server with nobody between.
  process.argv.splice(2);
  process.argv.push("serve", ...rest);
  await import("../bin/cairn.mjs");
} else {
  const node = capableNode();
  if (node === null) {
    console.error(incapable);
    process.exit(1);
  }
  runInChild(node, [
    "--disable-warning=ExperimentalWarning",
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...rest,
  ]);
}

/** Whether node_modules holds what package-lock.json asks for; optional packages are another platform's affair. */
function installed(withDevelopment) {
  const lock = packagesOf("package-lock.json");
  const present = packagesOf("node_modules/.package-lock.json");
  if (present === null) return false;
  return Object.entries(lock).every(([path, wanted]) => {
    if (path === "" || wanted.optional || wanted.devOptional || (wanted.dev && !withDevelopment)) return true;
    return present[path]?.version === wanted.version;
  });
}

function packagesOf(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : null;
}

function install() {
  console.error(
    "Installing the packages that package-lock.json names (npm ci), once; this takes about half a minute …",
  );
  const began = Date.now();
  const options = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, ...options], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync("npm", options, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (status !== 0) {
    console.error(
      `npm ci failed${error ? `: ${error.message}` : ""}. It needs the npm registry; run "npm ci" by hand to see more.`,
    );
    process.exit(1);
  }
  console.error(`Installed in ${((Date.now() - began) / 1000).toFixed(0)} s.`);
}
