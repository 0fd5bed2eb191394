import { Migrator } from "@mikro-orm/migrations";
import { AgentEntity } from "./entities/agent-entity.ts";
import { KeyEntity } from "./entities/key-entity.ts";
import { WorkspaceEntity } from "./entities/workspace-entity.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";

/** What both engines' ORMs share. */
export const ORM_CONFIG = {
  entities: [WorkspaceEntity, AgentEntity, KeyEntity],
  extensions: [Migrator],
  migrations: { migrationsList: MIGRATIONS, snapshot: false, silent: true },
  logger: (): void => {},
  debug: false,
};
