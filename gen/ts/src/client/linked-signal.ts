/**
 * A controller that any of the signals aborts too, with its reason. Once it is aborted it holds on to none of them: abort it when the work is
 * done. AbortSignal.any does the same, but old Nodes leak with signals that live long, such as a client's own.
 */
export function linkedController(...signals: readonly (AbortSignal | undefined)[]): AbortController {
  const controller = new AbortController();
  const sources = signals.filter((signal) => signal !== undefined);
  const ended = sources.find((signal) => signal.aborted);
  if (ended !== undefined) {
    controller.abort(ended.reason);
    return controller;
  }
  const all = sources.map(followersOf);
  for (const followers of all) followers.add(controller);
  controller.signal.addEventListener("abort", () => {
    for (const followers of all) followers.delete(controller);
  });
  return controller;
}

const known = new WeakMap<AbortSignal, Followers>();

function followersOf(signal: AbortSignal): Followers {
  const followers = known.get(signal) ?? new Followers(signal);
  known.set(signal, followers);
  return followers;
}

/** The controllers that one signal aborts, by one listener for all: Node takes more than ten for a leak, and says so. */
class Followers {
  readonly #signal: AbortSignal;
  readonly #controllers = new Set<AbortController>();
  readonly #abortAll = () => {
    for (const controller of this.#controllers) controller.abort(this.#signal.reason);
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(controller: AbortController): void {
    if (this.#controllers.size === 0) this.#signal.addEventListener("abort", this.#abortAll);
    this.#controllers.add(controller);
  }

  delete(controller: AbortController): void {
    this.#controllers.delete(controller);
    if (this.#controllers.size === 0) this.#signal.removeEventListener("abort", this.#abortAll);
  }
}
