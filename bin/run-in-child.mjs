import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program in our place: our terminal, our signals, and its exit code as ours.
 *
 * @param {string} program
 * @param {string[]} args
 */
export function runInChild(program, args) {
  const child = spawn(program, args, { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.once("error", (error) => {
    console.error(`${program} did not start: ${error.message}`);
    process.exit(126);
  });
  child.once("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
}
