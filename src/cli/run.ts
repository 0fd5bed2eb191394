import { ConfigError } from "../config-reader.ts";
import { StartupFailure } from "../storage/engine/startup-failure.ts";
import { type Command, type CommandIo, UsageError } from "./command.ts";
import { embeddingsActivate, embeddingsBuild, embeddingsDrop, embeddingsStatus } from "./embeddings.ts";
import { evalCommand } from "./eval/eval-command.ts";
import { ConversationFault } from "./eval/parse-conversation.ts";
import { keysCreate, keysList, keysRevoke } from "./keys.ts";
import { migrateCommand } from "./migrate.ts";
import { RemoteFailure } from "./remote-failure.ts";
import { serveCommand } from "./serve.ts";
import { workspacesCreate, workspacesDelete, workspacesList } from "./workspaces.ts";

const COMMANDS: readonly Command[] = [
  serveCommand,
  migrateCommand,
  workspacesCreate,
  workspacesList,
  workspacesDelete,
  keysCreate,
  keysList,
  keysRevoke,
  embeddingsStatus,
  embeddingsBuild,
  embeddingsActivate,
  embeddingsDrop,
  evalCommand,
];

/** Failures whose message is the whole story. */
const EXPECTED = [ConfigError, StartupFailure, RemoteFailure, ConversationFault];
const FAILED = 1;
const MISUSED = 2;

/** Runs one command line; answers the exit code: 0 done, 1 failed, 2 misused. */
export async function runCommandLine(argv: readonly string[], io: CommandIo): Promise<number> {
  const command = COMMANDS.find((one) => one.name.split(" ").every((word, index) => argv[index] === word));
  if (command === undefined) {
    return overview(argv, io);
  }
  const args = argv.slice(command.name.split(" ").length);
  if (args.includes("--help") || args.includes("-h")) {
    io.out(`cairn ${command.name}: ${command.summary}\n\n${command.help}\n`);
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    return report(command, error, io);
  }
}

function overview(argv: readonly string[], io: CommandIo): number {
  const group = COMMANDS.filter((command) => command.name.startsWith(`${argv[0]} `));
  const listed = group.length > 0 ? group : COMMANDS;
  const width = Math.max(...listed.map((command) => command.name.length));
  const lines = listed.map((command) => `  cairn ${command.name.padEnd(width)}  ${command.summary}`);
  const text = `Cairn, the memory service for software agents.\n\n${lines.join("\n")}\n\nEach takes --help.\n`;
  const asked = group.length > 0 ? argv[1] : (argv[0] ?? "--help");
  if (asked === "--help" || asked === "-h" || asked === "help") {
    io.out(text);
    return 0;
  }
  io.err(`cairn: no command "${argv.join(" ")}"\n\n${text}`);
  return MISUSED;
}

function report(command: Command, error: unknown, io: CommandIo): number {
  if (error instanceof UsageError || isBadOption(error)) {
    io.err(`cairn ${command.name}: ${(error as Error).message} (see cairn ${command.name} --help)\n`);
    return MISUSED;
  }
  if (EXPECTED.some((kind) => error instanceof kind)) {
    io.err(`cairn ${command.name}: ${(error as Error).message}\n`);
    return FAILED;
  }
  throw error;
}

/** What node:util's parseArgs throws for words that it does not know. */
function isBadOption(error: unknown): boolean {
  return error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS_");
}
