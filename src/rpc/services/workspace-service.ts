import type { ServiceImpl } from "@connectrpc/connect";
import {
  ListWorkspacesRequestSchema,
  type WorkspaceService,
} from "../../../gen/server/cairn/v1/workspace_service_pb.ts";
import {
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  listWorkspaces,
  updateWorkspace,
  type WorkspaceChanges,
  type WorkspaceDeps,
} from "../../usecases/administration/manage-workspaces.ts";
import { callerOf } from "../caller-of.ts";
import { fromSettings, maskedChanges, toKey, toWorkspace } from "../convert/administration.ts";
import { decodePageToken, encodePageToken, ID_KEY } from "../convert/page-token.ts";

export function workspaceService(deps: WorkspaceDeps): ServiceImpl<typeof WorkspaceService> {
  return {
    async createWorkspace(request, context) {
      const { handle, displayName } = request;
      const input = { handle, displayName, settings: fromSettings(request.settings) };
      const made = await createWorkspace(deps, callerOf(context), input);
      return { workspace: toWorkspace(made.workspace), key: toKey(made.key), secret: made.secret };
    },
    async getWorkspace(request) {
      return { workspace: toWorkspace(await getWorkspace(deps, request.workspace)) };
    },
    async listWorkspaces(request, context) {
      const { workspaceId } = callerOf(context);
      const scope = { method: "ListWorkspaces", workspaceId, schema: ListWorkspacesRequestSchema, request };
      const input = { pageSize: request.pageSize, beforeId: await decodePageToken(scope, ID_KEY) };
      const page = await listWorkspaces(deps, input);
      const nextPageToken = page.more ? await encodePageToken(scope, page.items.at(-1)!.id) : "";
      return { workspaces: page.items.map(toWorkspace), nextPageToken };
    },
    async updateWorkspace(request) {
      const { displayName = "", settings } = request.changes ?? {};
      const values = { display_name: { displayName }, settings: { settings: fromSettings(settings) } };
      const changes = maskedChanges<WorkspaceChanges>(request.updateMask, values);
      return { workspace: toWorkspace(await updateWorkspace(deps, request.workspace, changes)) };
    },
    async deleteWorkspace(request, context) {
      return await deleteWorkspace(deps, callerOf(context), request.workspace, context.signal);
    },
  };
}
