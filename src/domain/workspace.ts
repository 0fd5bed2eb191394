export interface WorkspaceSettings {
  /** Postgres text search configuration. */
  readonly language: string;
  readonly retentionMs: number;
}

export interface Workspace {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly settings: WorkspaceSettings;
  readonly createTime: Date;
  readonly updateTime: Date;
}

export const DEFAULT_SETTINGS: WorkspaceSettings = { language: "english", retentionMs: 30 * 24 * 3600 * 1000 };
