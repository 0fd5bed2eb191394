/** The TypeScript client on a page in headless Chromium: reads the plan that CAIRN_SCENARIO names and writes a line a step. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import type { Plan, StepLine } from "../plan.ts";

const plan = JSON.parse(readFileSync(process.env.CAIRN_SCENARIO ?? "", "utf8")) as Plan;
const { outputFiles } = await build({
  entryPoints: [join(import.meta.dirname, "page.ts")],
  bundle: true,
  write: false,
  format: "iife",
  platform: "browser",
  target: "es2022",
});
const script = outputFiles[0]?.text ?? "";
const pages = createServer((request, response) => {
  const isScript = request.url === "/page.js";
  response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
  response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/page.js"></script>');
});
pages.listen(0, "127.0.0.1");
await once(pages, "listening");

/** A busy machine takes its time over Chromium. */
const START_LIMIT_MS = 120_000;
const quiet = [
  "disable-quic",
  "no-first-run",
  "disable-background-networking",
  "disable-component-update",
  "disable-sync",
];
const browser = await chromium.launch({
  timeout: START_LIMIT_MS,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["no-sandbox", "disable-gpu", ...quiet].map((flag) => `--${flag}`),
});
try {
  // The certificate is one of ours; what is tested is the client, not the browser's trust.
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.exposeFunction("say", (line: StepLine) => console.log(JSON.stringify(line)));
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`, { timeout: START_LIMIT_MS });
  for (const [index, run] of plan.runs.entries()) {
    await page.evaluate(([at, one, control]) => window.playRun(at, one, control), [index, run, plan.control] as const);
  }
  console.log(JSON.stringify(await page.evaluate((storm) => window.playStorm(storm), plan.storm)));
} finally {
  await browser.close();
  pages.closeAllConnections();
  pages.close();
}
