import { statfsSync } from "node:fs";

/**
 * The engine's log grows by files of 16 MB, and where it cannot make the next one in the midst of a commit it ends. So it takes no
 * writes before that; what is left is for a checkpoint and for the searches that sort on the disk.
 */
const LEAST_MEBIBYTES = 48;
const LEAST_FILES = 64;
/** Below these a checkpoint may end it too, though it would make room. */
const CRITICAL_MEBIBYTES = 16;
const CRITICAL_FILES = 16;
const LOOK_EVERY_MS = 250;
const MEBIBYTE = 1_048_576;

/** Tells whether the file system of a folder has room to write. */
export class FreeSpace {
  readonly #folder: string;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #shortage: string | null = null;
  #isCritical = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What there is too little of, and where; null: there is room. Looks four times a second at most. */
  shortage(): string | null {
    this.#look();
    return this.#shortage;
  }

  /** The same, looked at anew: why something just failed. */
  shortageNow(): string | null {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    return this.shortage();
  }

  /** There is not even room for a checkpoint. */
  isCritical(): boolean {
    this.#look();
    return this.#isCritical;
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const { bavail, bsize, files, ffree } = statfsSync(this.#folder);
    const free = Math.floor((bavail * bsize) / MEBIBYTE);
    // Some file systems count no files.
    const left = files > 0 ? ffree : Number.POSITIVE_INFINITY;
    this.#isCritical = free < CRITICAL_MEBIBYTES || left < CRITICAL_FILES;
    if (free < LEAST_MEBIBYTES)
      this.#shortage = `${free} MiB are free at ${this.#folder}, and ${LEAST_MEBIBYTES} are needed`;
    else if (left < LEAST_FILES)
      this.#shortage = `${left} inodes are free at ${this.#folder}, and ${LEAST_FILES} are needed`;
    else this.#shortage = null;
  }
}
