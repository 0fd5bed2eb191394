/**
 * A controller that any of the signals aborts too, with its reason. Once it is aborted it holds on to none of them: abort it when the work is
 * done. AbortSignal.any does the same, but old Nodes leak with signals that live long, such as a client's own.
 */
export function linkedController(...signals) {
  const controller = new AbortController();
  const sources = signals.filter((signal) => signal !== undefined);
  const follow = (event) => controller.abort(event.target.reason);
  controller.signal.addEventListener("abort", () => {
    for (const source of sources) source.removeEventListener("abort", follow);
  });
  const ended = sources.find((signal) => signal.aborted);
  if (ended !== undefined) controller.abort(ended.reason);
  else for (const source of sources) source.addEventListener("abort", follow);
  return controller;
}
