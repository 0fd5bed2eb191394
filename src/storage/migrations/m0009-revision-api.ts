import { Migration } from "@mikro-orm/migrations";

/** The field's word for what a change came through, as in the contract. */
export class RevisionApi extends Migration {
  override up(): void {
    this.addSql(`alter table memory_revision rename column door to api`);
  }
}
