import { Contender, hasNamespaces, type Surroundings } from "./contender.ts";

/** How long a folder may stay locked after its holder was sent SIGKILL. */
const LONGEST_LOCKED_MS = 2000;

const FATES = ["killed", "stopped, then killed", "stopped, then continued", "released", "left alone"] as const;
type Fate = (typeof FATES)[number];

/** What came of an arena's rounds. */
export interface Tally {
  readonly fates: Map<Fate, number>;
  /** Milliseconds from each SIGKILL until another process held the lock. */
  readonly freedMs: number[];
}

/** Three processes, in surroundings of their own, that fight for one folder. Who is killed is replaced. */
export class Arena {
  readonly #folder: string;
  readonly #random: () => number;
  readonly #contenders: Contender[] = [];
  readonly tally: Tally = { fates: new Map(), freedMs: [] };
  #started = 0;

  constructor(folder: string, random: () => number) {
    this.#folder = folder;
    this.#random = random;
  }

  /** Throws where two hold the lock, a living holder loses it, or a dead one keeps it. */
  async round(): Promise<void> {
    const fate = this.#pick(FATES);
    while (this.#contenders.length < 3) this.#contenders.push(await this.#start());
    const holder = await this.#fight(this.#contenders);
    const others = this.#contenders.filter((one) => one !== holder);
    if (fate.startsWith("stopped")) {
      holder.signal("SIGSTOP");
      await this.#expectKept(holder, others);
    }
    if (fate.endsWith("killed")) {
      await this.#kill(holder, others);
    } else {
      if (fate.endsWith("continued")) holder.signal("SIGCONT");
      if (fate !== "released") await this.#expectKept(holder, others);
      await holder.ask("release");
    }
    this.tally.fates.set(fate, (this.tally.fates.get(fate) ?? 0) + 1);
  }

  async end(): Promise<void> {
    await Promise.all(this.#contenders.map((one) => one.end()));
  }

  /** All want the free lock at once, and one of them gets it. */
  async #fight(contenders: readonly Contender[]): Promise<Contender> {
    const answers = await Promise.all(contenders.map((one) => one.ask("take 0")));
    const holders = contenders.filter((_, i) => answers[i] === "held");
    if (holders.length !== 1) throw new Error(`${holders.length} hold a lock that was free: ${names(holders)}`);
    return holders[0]!;
  }

  async #expectKept(holder: Contender, others: readonly Contender[]): Promise<void> {
    const answers = await Promise.all(others.map((one) => one.ask("take 0")));
    if (answers.includes("held"))
      throw new Error(`${holder.name} lives, and its lock went to another of ${names(others)}`);
  }

  /** The others want the lock from the moment of the signal on; one of them gets it in time, and gives it back. */
  async #kill(holder: Contender, others: readonly Contender[]): Promise<void> {
    const began = performance.now();
    holder.signal("SIGKILL");
    for (;;) {
      const answers = await Promise.all(others.map((one) => one.ask("take 50")));
      const holders = others.filter((_, i) => answers[i] === "held");
      const lasted = performance.now() - began;
      if (holders.length > 1) throw new Error(`two hold the lock of ${holder.name}, which is dead: ${names(holders)}`);
      if (holders.length === 1) {
        this.tally.freedMs.push(lasted);
        await holders[0]!.ask("release");
        break;
      }
      if (lasted > LONGEST_LOCKED_MS) throw new Error(`${holder.name} is dead for ${lasted} ms and keeps the lock`);
    }
    await holder.end();
    this.#contenders.splice(this.#contenders.indexOf(holder), 1);
  }

  #start(): Promise<Contender> {
    const all: readonly Surroundings[] = hasNamespaces ? ["plain", "namespaces", "unreaped"] : ["plain", "unreaped"];
    const surroundings = this.#pick(all);
    return Contender.start(`${surroundings} ${++this.#started}`, this.#folder, surroundings);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }
}

function names(contenders: readonly Contender[]): string {
  return contenders.map(({ name }) => name).join(", ");
}
