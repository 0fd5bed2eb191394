/** The TypeScript client in Node: reads the plan that CAIRN_SCENARIO names and writes a line a step. */
import { readFileSync } from "node:fs";
import type { Plan } from "../plan.ts";
import { playRun, playStorm } from "./play-run.ts";

const plan = JSON.parse(readFileSync(process.env.CAIRN_SCENARIO ?? "", "utf8")) as Plan;
const around = { control: plan.control, ca: readFileSync(plan.ca, "utf8") };
const say = (line: object) => console.log(JSON.stringify(line));

for (const [index, run] of plan.runs.entries()) await playRun(index, run, around, say);
say(await playStorm(plan.storm));
