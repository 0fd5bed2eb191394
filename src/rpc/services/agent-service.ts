import type { ServiceImpl } from "@connectrpc/connect";
import { type AgentService, ListAgentsRequestSchema } from "../../../gen/server/cairn/v1/agent_service_pb.ts";
import {
  type AgentChanges,
  type AgentDeps,
  createAgent,
  deleteAgent,
  getAgent,
  listAgents,
  updateAgent,
} from "../../usecases/administration/manage-agents.ts";
import { callerOf } from "../caller-of.ts";
import { maskedChanges, toAgent } from "../convert/administration.ts";
import { decodePageToken, encodePageToken, ID_KEY } from "../convert/page-token.ts";

export function agentService(deps: AgentDeps): ServiceImpl<typeof AgentService> {
  return {
    async createAgent(request, context) {
      const { handle, displayName, agentId } = request;
      const input = { handle, displayName, id: agentId?.toLowerCase() ?? null };
      return { agent: toAgent(await createAgent(deps, callerOf(context), input)) };
    },
    async getAgent(request, context) {
      return { agent: toAgent(await getAgent(deps, callerOf(context), request.agent)) };
    },
    async listAgents(request, context) {
      const caller = callerOf(context);
      const { workspaceId } = caller;
      const scope = { method: "ListAgents", workspaceId, schema: ListAgentsRequestSchema, request };
      const input = { pageSize: request.pageSize, beforeId: await decodePageToken(scope, ID_KEY) };
      const page = await listAgents(deps, caller, input);
      const nextPageToken = page.more ? await encodePageToken(scope, page.items.at(-1)!.id) : "";
      return { agents: page.items.map(toAgent), nextPageToken };
    },
    async updateAgent(request, context) {
      const { handle = "", displayName = "" } = request.changes ?? {};
      const values = { handle: { handle }, display_name: { displayName } };
      const changes = maskedChanges<AgentChanges>(request.updateMask, values);
      return { agent: toAgent(await updateAgent(deps, callerOf(context), request.agent, changes)) };
    },
    async deleteAgent(request, context) {
      return await deleteAgent(deps, callerOf(context), request.agent);
    },
  };
}
