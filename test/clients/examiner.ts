import { Aftermath } from "./aftermath.ts";
import type { ClientLanguage } from "./client-language.ts";
import { build, play, STORM_SEARCHES } from "./play.ts";
import { meetStranger } from "./stranger.ts";
import type { TestServer } from "./test-server.ts";
import { type Row, rowsOf, stormFaults } from "./verdict.ts";

/** Puts clients through the scenario, the storm and a newcomer's first steps, and keeps count. */
export class Examiner {
  readonly rows: Row[] = [];
  passed = 0;
  failed = 0;
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  async examine(language: ClientLanguage): Promise<void> {
    const { name } = language;
    console.log(`\n${name}: ${language.wires.join(", ")}`);
    await this.#check(name, "build", async () => {
      await build(language);
      return [];
    });
    const aftermath = new Aftermath(this.#server);
    const began = performance.now();
    const played = await play(language, this.#server, () => aftermath.weigh());
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`  played in ${seconds} s`);
    const rows = rowsOf(name, played);
    this.rows.push(...rows);
    for (const row of rows) this.#count(row);
    await this.#check(name, "protocol", async () => (played.fault === "" ? [] : [played.fault]));
    await this.#check(name, `${STORM_SEARCHES} searches stopped early (${played.storm?.ms ?? 0} ms)`, async () =>
      stormFaults(played, STORM_SEARCHES),
    );
    await this.#check(name, "nothing left on the server", () => aftermath.faults());
    console.log(`    its heap grew by ${(aftermath.grown / 1e6).toFixed(1)} MB`);
    if (language.stranger !== null) {
      const { stranger } = language;
      await this.#check(name, `a newcomer's example, from ${stranger.readme}`, () =>
        meetStranger(name, stranger, this.#server),
      );
    }
  }

  #count(row: Row): void {
    const bad = row.steps.filter((step) => step !== true).length;
    this.passed += row.steps.length - bad;
    this.failed += bad;
    console.log(
      `  ${bad === 0 ? "ok    " : "FAILED"} ${row.wire}: ${row.steps.length - bad} of ${row.steps.length} steps`,
    );
    for (const [what, numbers] of Map.groupBy(row.steps.keys(), (index) => row.steps[index] as true | string)) {
      if (what !== true) console.log(`    step ${numbers.map((index) => index + 1).join(", ")}: ${what}`);
    }
  }

  async #check(client: string, what: string, faults: () => Promise<readonly string[]>): Promise<void> {
    const began = performance.now();
    const found = await faults().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`  ${found.length === 0 ? "ok    " : "FAILED"} ${what} (${seconds} s)`);
    for (const fault of found) console.log(`    ${client}: ${fault}`);
    if (found.length === 0) this.passed++;
    else this.failed++;
  }
}
