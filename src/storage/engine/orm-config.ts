import { Migrator } from "@mikro-orm/migrations";
import { ENTITIES } from "../migrations/entities.ts";
import { MIGRATIONS } from "../migrations/migrations.ts";

/** What both engines' ORMs share. */
export const ORM_CONFIG = {
  entities: ENTITIES,
  extensions: [Migrator],
  migrations: { migrationsList: MIGRATIONS, snapshot: false, silent: true },
  logger: (): void => {},
  debug: false,
};
