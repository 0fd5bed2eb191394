import { parseArgs } from "node:util";
import { toJsonString } from "@bufbuild/protobuf";
import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Key } from "../../gen/server/cairn/v1/key_pb.ts";
import {
  CreateKeyResponseSchema,
  KeyService,
  ListKeysResponseSchema,
} from "../../gen/server/cairn/v1/key_service_pb.ts";
import { type Command, UsageError } from "./command.ts";
import { callRemote, REMOTE_HELP, REMOTE_OPTIONS } from "./remote.ts";
import { table } from "./table.ts";

const DEFAULT_SCOPES = ["memory:read", "memory:write"];

export const keysCreate: Command = {
  name: "keys create",
  summary: "makes a key and prints its secret, once",
  help: `usage: cairn keys create [--scope SCOPE]… [--agent AGENT] [--name NAME] [--expires TIME] [--prefix PREFIX]

  --scope SCOPE   memory:read, memory:write, delta:apply or admin; may be repeated (default: memory:read and memory:write)
  --agent AGENT   binds the key to an agent, by UUID or handle (default: the whole workspace)
  --name NAME     a name for people
  --expires TIME  when it stops working, such as 2030-01-01T00:00:00Z (default: never)
  --prefix PREFIX how the secret begins (default: cairn_)
${REMOTE_HELP}`,
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...REMOTE_OPTIONS,
        scope: { type: "string", multiple: true },
        agent: { type: "string" },
        name: { type: "string" },
        expires: { type: "string" },
        prefix: { type: "string" },
      },
    });
    const answer = await callRemote(KeyService, values, io, (client) =>
      client.createKey({
        scopes: values.scope ?? DEFAULT_SCOPES,
        displayName: values.name ?? "",
        prefix: values.prefix ?? "",
        ...(values.agent === undefined ? {} : { agent: values.agent }),
        ...(values.expires === undefined ? {} : { expireTime: timestampFromDate(dateOf(values.expires)) }),
      }),
    );
    io.out(values.json ? `${toJsonString(CreateKeyResponseSchema, answer, JSON_STYLE)}\n` : `${answer.secret}\n`);
    if (!values.json) {
      io.err(`key ${answer.key?.id}; its secret is shown this once\n`);
    }
    return 0;
  },
};

export const keysList: Command = {
  name: "keys list",
  summary: "lists the workspace's keys, newest first",
  help: `usage: cairn keys list\n\n${REMOTE_HELP}`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: REMOTE_OPTIONS });
    const keys: Key[] = [];
    let pageToken = "";
    do {
      const page = await callRemote(KeyService, values, io, (client) => client.listKeys({ pageSize: 100, pageToken }));
      keys.push(...page.keys);
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    io.out(
      values.json
        ? `${toJsonString(ListKeysResponseSchema, { $typeName: ListKeysResponseSchema.typeName, keys, nextPageToken: "" }, JSON_STYLE)}\n`
        : table(["ID", "SECRET", "NAME", "SCOPES", "AGENT", "STATE"], keys.map(rowOf)),
    );
    return 0;
  },
};

export const keysRevoke: Command = {
  name: "keys revoke",
  summary: "revokes a key; every server refuses it within a second",
  help: `usage: cairn keys revoke KEY_ID\n\n${REMOTE_HELP}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], options: REMOTE_OPTIONS, allowPositionals: true });
    const [keyId] = positionals;
    if (keyId === undefined || positionals.length > 1) {
      throw new UsageError("name one key by its id");
    }
    await callRemote(KeyService, values, io, (client) => client.revokeKey({ keyId }));
    io.out(`revoked ${keyId}\n`);
    return 0;
  },
};

const JSON_STYLE = { useProtoFieldName: true, prettySpaces: 2 };

function rowOf(key: Key): string[] {
  const state = key.revokeTime ? "revoked" : expiryOf(key);
  return [key.id, `${key.secretPrefix}…`, key.displayName, key.scopes.join(","), key.agentId ?? "", state];
}

function expiryOf(key: Key): string {
  return key.expireTime ? `until ${timestampDate(key.expireTime).toISOString()}` : "valid";
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) {
    throw new UsageError(`--expires ${text} is no ISO timestamp`);
  }
  return date;
}
