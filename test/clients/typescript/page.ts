/** What runs in the browser: the same steps as in Node, called by browser-runner.ts. */
import type { Run, StepLine, Storm, StormLine } from "../plan.ts";
import { playRun, playStorm } from "./play-run.ts";

declare global {
  interface Window {
    /** Set by the runner: hands a line over. */
    say(line: StepLine): Promise<void>;
    playRun(index: number, run: Run, control: string): Promise<void>;
    playStorm(storm: Storm): Promise<StormLine>;
  }
}

window.playRun = async (index, run, control) => {
  const said: Promise<void>[] = [];
  await playRun(index, run, { control }, (line) => void said.push(window.say(line)));
  await Promise.all(said);
};
window.playStorm = playStorm;
