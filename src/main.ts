import type { CommandIo } from "./cli/command.ts";
import { runCommandLine } from "./cli/run.ts";

const terminated = new Promise<string>((resolve) => {
  process.once("SIGTERM", resolve);
  process.once("SIGINT", resolve);
});

const io: CommandIo = {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY === true,
  terminated,
};

process.exitCode = await runCommandLine(process.argv.slice(2), io);
