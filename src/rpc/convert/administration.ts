import { create } from "@bufbuild/protobuf";
import { type Duration, durationFromMs, durationMs, type FieldMask } from "@bufbuild/protobuf/wkt";
import { type Agent as AgentPb, AgentSchema } from "../../../gen/server/cairn/v1/agent_pb.ts";
import { type Key as KeyPb, KeySchema } from "../../../gen/server/cairn/v1/key_pb.ts";
import {
  type Workspace as WorkspacePb,
  WorkspaceSchema,
  type WorkspaceSettings as WorkspaceSettingsPb,
} from "../../../gen/server/cairn/v1/workspace_pb.ts";
import type { Agent } from "../../domain/agent.ts";
import { DomainError, invalidField } from "../../domain/failure.ts";
import type { Key } from "../../domain/key.ts";
import { DEFAULT_SETTINGS, type Workspace, type WorkspaceSettings } from "../../domain/workspace.ts";
import { toTimestamp } from "./time.ts";

export function toAgent(agent: Agent): AgentPb {
  const { id, handle, displayName } = agent;
  const times = { createTime: toTimestamp(agent.createTime), updateTime: toTimestamp(agent.updateTime) };
  return create(AgentSchema, { id, handle, displayName, ...times });
}

export function toKey(key: Key): KeyPb {
  return create(KeySchema, {
    id: key.id,
    workspaceId: key.workspaceId,
    displayName: key.displayName,
    secretPrefix: key.secretPrefix,
    scopes: [...key.scopes],
    createTime: toTimestamp(key.createTime),
    ...(key.agentId === null ? {} : { agentId: key.agentId }),
    ...(key.volumeId === null ? {} : { volumeId: key.volumeId }),
    ...(key.expireTime === null ? {} : { expireTime: toTimestamp(key.expireTime) }),
    ...(key.revokeTime === null ? {} : { revokeTime: toTimestamp(key.revokeTime) }),
  });
}

export function toWorkspace(workspace: Workspace): WorkspacePb {
  const { id, handle, displayName, settings } = workspace;
  return create(WorkspaceSchema, {
    ...{ id, handle, displayName },
    settings: { language: settings.language, retention: durationFromMs(settings.retentionMs) },
    createTime: toTimestamp(workspace.createTime),
    updateTime: toTimestamp(workspace.updateTime),
  });
}

export function fromSettings(settings: WorkspaceSettingsPb | undefined): WorkspaceSettings {
  return {
    language: settings?.language || DEFAULT_SETTINGS.language,
    retentionMs: settings?.retention ? fromDuration(settings.retention) : DEFAULT_SETTINGS.retentionMs,
  };
}

export function fromDuration(duration: Duration | undefined): number {
  return duration ? Math.round(durationMs(duration)) : 0;
}

/** The values of the fields that the mask names. Throws UPDATE_MASK_EMPTY; INVALID_FIELD for another path. */
export function maskedChanges<T extends object>(mask: FieldMask | undefined, values: Record<string, Partial<T>>): T {
  const paths = mask?.paths ?? [];
  if (paths.length === 0) {
    throw new DomainError("UPDATE_MASK_EMPTY", "update_mask: names no field", { field: "update_mask" });
  }
  return Object.assign(
    {},
    ...paths.map((path) => {
      if (!Object.hasOwn(values, path)) {
        throw invalidField("update_mask", `${path} is not among ${Object.keys(values).join(", ")}`);
      }
      return values[path];
    }),
  ) as T;
}
