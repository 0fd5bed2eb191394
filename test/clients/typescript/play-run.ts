import { Cairn, type CairnOptions } from "../../../gen/ts/dist/index.js";
import type { Run, StepLine, Storm, StormLine } from "../plan.ts";
import { lifetimes } from "./lifetimes.ts";
import { lists } from "./lists.ts";
import { refusals } from "./refusals.ts";
import { atOnce, repeats } from "./repeats.ts";
import { searches, writeNotes } from "./searches.ts";
import { harbour, instruct, type Stage } from "./stage.ts";
import { writes } from "./writes.ts";

const steps = [...writes, ...lifetimes, ...repeats, ...searches, ...refusals, ...lists, atOnce];

/** Plays the steps over one wire and says each step's line. */
export async function playRun(
  index: number,
  run: Run,
  around: { control: string; ca?: string },
  say: (line: StepLine) => void,
): Promise<void> {
  const options = optionsOf(run, around.ca);
  const cairn = new Cairn({ ...options, apiKey: run.key });
  const connect = (other: Pick<CairnOptions, "apiKey">) => new Cairn({ ...options, ...other });
  const stage: Stage = { run, control: around.control, cairn, connect, drinkId: "" };
  for (const [at, step] of steps.entries()) {
    const began = performance.now();
    const detail = await step(stage).then(
      () => "",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    say({ run: index, step: at + 1, ok: detail === "", ms: round(performance.now() - began), detail });
  }
  cairn.close();
}

/** Searches that are each left after their first result. */
export async function playStorm(storm: Storm): Promise<StormLine> {
  const cairn = new Cairn({ ...optionsOf(storm), apiKey: storm.key });
  await writeNotes({ cairn });
  const began = performance.now();
  let left = storm.count;
  let stopped = 0;
  const problems: string[] = [];
  const worker = async () => {
    while (left-- > 0) {
      try {
        for await (const _ of cairn.search(harbour, instruct("pace.5").options)) {
          stopped++;
          break;
        }
      } catch (error) {
        problems.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: storm.at_once }, worker));
  cairn.close();
  const ok = stopped === storm.count && problems.length === 0;
  return { storm: stopped, ok, ms: round(performance.now() - began), detail: problems.slice(0, 3).join("; ") };
}

/** `connect-json` is the Connect protocol with JSON messages. */
function optionsOf(run: Run, ca?: string): CairnOptions {
  const protocol = run.wire.replace(/-json$/, "") as NonNullable<CairnOptions["protocol"]>;
  return { url: run.url, protocol, json: run.wire.endsWith("-json"), ...(run.tls && ca !== undefined ? { ca } : {}) };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
