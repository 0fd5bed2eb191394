import type { CommandIo } from "./cli/command.ts";
import { runCommandLine } from "./cli/run.ts";

/** A terminal sends Ctrl-C to every process of ours, and a launcher passes it on: what comes again at once is the same one. */
const ONE_KEYSTROKE_MS = 500;

const terminated = new Promise<string>((resolve) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const received = () => {
      resolve(signal);
      setTimeout(() => process.off(signal, received), ONE_KEYSTROKE_MS).unref();
    };
    process.on(signal, received);
  }
});

const io: CommandIo = {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY === true,
  terminated,
};

process.exitCode = await runCommandLine(process.argv.slice(2), io);
