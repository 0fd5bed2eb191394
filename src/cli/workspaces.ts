import { parseArgs } from "node:util";
import { toJsonString } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Workspace } from "../../gen/server/cairn/v1/workspace_pb.ts";
import {
  CreateWorkspaceResponseSchema,
  ListWorkspacesResponseSchema,
  WorkspaceService,
} from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { type Command, UsageError } from "./command.ts";
import { callRemote, REMOTE_HELP, REMOTE_OPTIONS } from "./remote.ts";
import { table } from "./table.ts";

const JSON_STYLE = { useProtoFieldName: true, prettySpaces: 2 };
const ERASE_TIMEOUT_MS = 3_600_000;

export const workspacesCreate: Command = {
  name: "workspaces create",
  summary: "makes a workspace and prints its first key's secret, once",
  help: `usage: cairn workspaces create HANDLE [--name NAME] [--language LANGUAGE]

  --name NAME          a name for people
  --language LANGUAGE  Postgres text search configuration (default: english)
${REMOTE_HELP}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...REMOTE_OPTIONS, name: { type: "string" }, language: { type: "string" } },
    });
    const handle = onlyOne(positionals, "name one workspace by its handle");
    const settings = { language: values.language ?? "" };
    const answer = await callRemote(WorkspaceService, values, io, (client) =>
      client.createWorkspace({ handle, displayName: values.name ?? "", settings }),
    );
    if (values.json) {
      io.out(`${toJsonString(CreateWorkspaceResponseSchema, answer, JSON_STYLE)}\n`);
    } else {
      io.out(`${answer.secret}\n`);
      io.err(`workspace ${answer.workspace?.id}; its first key's secret is shown this once\n`);
    }
    return 0;
  },
};

export const workspacesList: Command = {
  name: "workspaces list",
  summary: "lists the workspaces, newest first",
  help: `usage: cairn workspaces list\n\n${REMOTE_HELP}`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: REMOTE_OPTIONS });
    const workspaces: Workspace[] = [];
    let pageToken = "";
    do {
      const request = { pageSize: 100, pageToken };
      const page = await callRemote(WorkspaceService, values, io, (client) => client.listWorkspaces(request));
      workspaces.push(...page.workspaces);
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    const list = { $typeName: ListWorkspacesResponseSchema.typeName, workspaces, nextPageToken: "" };
    io.out(
      values.json
        ? `${toJsonString(ListWorkspacesResponseSchema, list, JSON_STYLE)}\n`
        : table(["ID", "HANDLE", "NAME", "LANGUAGE", "CREATED"], workspaces.map(rowOf)),
    );
    return 0;
  },
};

export const workspacesDelete: Command = {
  name: "workspaces delete",
  summary: "erases a workspace and everything in it, for good",
  help: `usage: cairn workspaces delete HANDLE_OR_ID --yes

  --yes   says that you mean it; without it nothing happens
${REMOTE_HELP}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...REMOTE_OPTIONS, yes: { type: "boolean" } },
    });
    const workspace = onlyOne(positionals, "name one workspace by its handle or id");
    if (!values.yes) {
      throw new UsageError(`this erases ${workspace} for good: add --yes`);
    }
    const answer = await callRemote(WorkspaceService, values, io, (client) =>
      client.deleteWorkspace({ workspace }, { timeoutMs: ERASE_TIMEOUT_MS }),
    );
    io.out(`erased ${answer.workspaceId}\n`);
    return 0;
  },
};

function onlyOne(positionals: readonly string[], problem: string): string {
  const [only] = positionals;
  if (only === undefined || positionals.length > 1) {
    throw new UsageError(problem);
  }
  return only;
}

function rowOf(workspace: Workspace): string[] {
  const created = workspace.createTime ? timestampDate(workspace.createTime).toISOString() : "";
  return [workspace.id, workspace.handle, workspace.displayName, workspace.settings?.language ?? "", created];
}
