import type { ConnectError } from "@connectrpc/connect";

/** Bodies up to this size never wait behind larger ones. */
const SMALL_BYTES = 64 << 10;
/** The part of all room that one owner may take, and the part of each room that larger bodies leave to small ones. */
const QUARTER = 4;
/** Bodies of one owner that wait, each with a chunk that is not counted yet; more are refused at once. */
const MOST_WAITING = 256;

interface Waiter {
  readonly share: BodyShare;
  readonly bytes: number;
  admit(): void;
}

/**
 * The bytes of request bodies that the process holds at once, counted as they arrive. One owner has a quarter of them at most, so
 * that no key takes the room of others. Who finds no room waits for it in order, and not for long.
 */
export class BodyBudget {
  readonly #room: Room;
  readonly #rooms = new Map<string, Room>();
  readonly #waitMs: number;
  readonly #overloaded: () => ConnectError;
  readonly #waiters = new Set<Waiter>();

  constructor(total: number, waitMs: number, overloaded: () => ConnectError) {
    this.#room = new Room(total);
    this.#waitMs = waitMs;
    this.#overloaded = overloaded;
  }

  get held(): number {
    return this.#room.held;
  }

  /** `owner`: whose body it is, such as a key. */
  share(owner: string): BodyShare {
    return new BodyShare(this, owner);
  }

  /** Null: taken at once. Rejects where there is no room in time. */
  take(share: BodyShare, bytes: number): Promise<void> | null {
    if (this.#fits(share, bytes)) {
      this.#keep(share, bytes);
      return null;
    }
    const room = this.#roomOf(share.owner);
    if (room.waiting >= MOST_WAITING) {
      return Promise.reject(this.#overloaded());
    }
    return this.#wait(share, bytes, room);
  }

  /** Gives back all that a share has, and ends its waiting. */
  release(share: BodyShare): void {
    for (const waiter of this.#waiters) {
      if (waiter.share === share) {
        waiter.admit();
      }
    }
    const room = this.#rooms.get(share.owner);
    if (room) {
      this.#room.give(share);
      room.give(share);
      if (room.held === 0 && room.waiting === 0) {
        this.#rooms.delete(share.owner);
      }
    }
    share.held = 0;
    this.#admit();
  }

  #wait(share: BodyShare, bytes: number, room: Room): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        room.waiting--;
        then();
      };
      const timer = setTimeout(() => settle(() => reject(this.#overloaded())), this.#waitMs);
      const waiter: Waiter = { share, bytes, admit: () => settle(resolve) };
      this.#waiters.add(waiter);
      this.#rooms.set(share.owner, room);
      room.waiting++;
    });
  }

  #roomOf(owner: string): Room {
    return this.#rooms.get(owner) ?? new Room(this.#room.most / QUARTER);
  }

  #fits(share: BodyShare, bytes: number): boolean {
    return this.#room.fits(share, bytes) && this.#roomOf(share.owner).fits(share, bytes);
  }

  #keep(share: BodyShare, bytes: number): void {
    const room = this.#roomOf(share.owner);
    this.#rooms.set(share.owner, room);
    share.held += bytes;
    this.#room.take(share, bytes);
    room.take(share, bytes);
  }

  /** In order, and past those for whom there is no room yet. */
  #admit(): void {
    for (const waiter of this.#waiters) {
      if (this.#fits(waiter.share, waiter.bytes)) {
        this.#keep(waiter.share, waiter.bytes);
        waiter.admit();
      }
    }
  }
}

function isSmall(share: BodyShare, bytes: number): boolean {
  return share.held + bytes <= SMALL_BYTES;
}

/** The room of all, or of one owner. */
class Room {
  readonly most: number;
  /** The larger bodies in it, oldest first. */
  readonly #large = new Set<BodyShare>();
  #held = 0;
  /** Bodies that wait for it. Set by the budget. */
  waiting = 0;

  constructor(most: number) {
    this.most = most;
  }

  get held(): number {
    return this.#held;
  }

  /** The oldest of the large may always grow: halves that wait for each other's room would wait for ever. */
  fits(share: BodyShare, bytes: number): boolean {
    const small = isSmall(share, bytes);
    const most = small ? this.most : this.most - this.most / QUARTER;
    return this.#held + bytes <= most || this.#held === share.held || (!small && this.#isOldest(share));
  }

  #isOldest(share: BodyShare): boolean {
    const [oldest = share] = this.#large;
    return oldest === share;
  }

  take(share: BodyShare, bytes: number): void {
    this.#held += bytes;
    if (share.held > SMALL_BYTES) {
      this.#large.add(share);
    }
  }

  give(share: BodyShare): void {
    this.#held -= share.held;
    this.#large.delete(share);
  }
}

/** What one call has of the budget, until it ends. */
export class BodyShare {
  readonly owner: string;
  readonly #budget: BodyBudget;
  #released = false;
  /** Set by the budget alone. */
  held = 0;

  constructor(budget: BodyBudget, owner: string) {
    this.#budget = budget;
    this.owner = owner;
  }

  /** Makes sure of `bytes` in all. Null: at once. Rejects where there is no room in time. */
  reach(bytes: number): Promise<void> | null {
    const more = bytes - this.held;
    return more <= 0 || this.#released ? null : this.#budget.take(this, more);
  }

  release(): void {
    if (!this.#released) {
      this.#released = true;
      this.#budget.release(this);
    }
  }
}
