import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";

const SHOWN = 10;

/** A reporter of vitest's that ends a run with its ten slowest tests, in seconds by the clock, hooks left out. */
export default class SlowestTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const slowest = tests.sort((one, other) => durationOf(other) - durationOf(one)).slice(0, SHOWN);
    if (slowest.length < SHOWN) return;
    console.log(`Slowest ${SHOWN} of ${tests.length} tests:`);
    for (const test of slowest) {
      const seconds = (durationOf(test) / 1000).toFixed(1).padStart(6);
      console.log(`${seconds} s  ${relative(process.cwd(), test.module.moduleId)}  ${test.fullName}`);
    }
  }
}

function durationOf(test: TestCase): number {
  return test.diagnostic()?.duration ?? 0;
}
