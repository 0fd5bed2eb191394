import { parseArgs } from "node:util";
import { loadConfig, VARIABLES } from "../config.ts";
import { createLog } from "../system/json-log.ts";
import { banner } from "./banner.ts";
import { type Command, UsageError } from "./command.ts";
import { table } from "./table.ts";

export const serveCommand: Command = {
  name: "serve",
  summary: "serves gRPC, gRPC-Web, Connect and REST on one port",
  help: `usage: cairn serve [--port PORT] [--host HOST] [--data-dir FOLDER]

Configuration comes from the environment; the three options go before it.

${table(
  ["VARIABLE", "DEFAULT", "MEANING"],
  Object.entries(VARIABLES).map(([name, one]) => [name, one.default, one.meaning]),
)}`,
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: { port: { type: "string" }, host: { type: "string" }, "data-dir": { type: "string" } },
    });
    if (values["data-dir"] === "") {
      throw new UsageError("--data-dir names no folder");
    }
    const given = { PORT: values.port, HOST: values.host, CAIRN_DATA_DIR: values["data-dir"] };
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const config = loadConfig({ ...io.env, ...set });
    const log = createLog(config.logLevel);
    // Loaded here alone: the commands that call a running server need nothing of it.
    const { startApp } = await import("../app.ts");
    const app = await startApp(config, log);
    io.out(banner(app));
    const reason = await Promise.race([io.terminated, app.ended]);
    if (reason instanceof Error) {
      log.fatal({ err: reason }, "shutting down: a new start recovers what was answered, once its cause is gone");
    } else {
      log.info({ signal: reason }, "shutting down");
    }
    await app.close();
    return reason instanceof Error ? 1 : 0;
  },
};
