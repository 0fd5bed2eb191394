import { parseArgs } from "node:util";
import { loadConfig } from "../config.ts";
import type { Command } from "./command.ts";

export const migrateCommand: Command = {
  name: "migrate",
  summary: "brings the database to this version's schema",
  help: `usage: cairn migrate

Runs the pending migrations of the database that DATABASE_URL or CAIRN_DATA_DIR names. Several at once are safe: one works, the
others wait. Where the URL's user may not create the roles that Cairn needs, it prints the SQL that an administrator runs once.`,
  async run(args, io) {
    parseArgs({ args: [...args], options: {} });
    const { databaseUrl, dataDir } = loadConfig(io.env);
    const { openStorage } = await import("../storage/open-storage.ts");
    const onWarning = (message: string) => io.err(`cairn migrate: ${message}\n`);
    const storage = await openStorage({ databaseUrl, dataDir, onWarning });
    const { migrated } = storage;
    await storage.close();
    io.out(migrated.length === 0 ? "nothing to migrate\n" : migrated.map((name) => `migrated ${name}\n`).join(""));
    return 0;
  },
};
