/** What a runner is told, as JSON in the file that CAIRN_SCENARIO names. */
export interface Plan {
  /** Where to ask what the server saw, such as `http://127.0.0.1:40123`: see test/scenario.md. */
  readonly control: string;
  /** File with the certificate, in PEM, that the TLS addresses show. */
  readonly ca: string;
  readonly runs: readonly Run[];
  readonly storm: Storm;
}

/** One time through the steps, in a workspace that nobody else uses. */
export interface Run {
  readonly wire: string;
  readonly tls: boolean;
  readonly url: string;
  /** Workspace-wide; every scope but operator. */
  readonly key: string;
  /** Workspace-wide; memory:read alone. */
  readonly read_key: string;
}

/** Searches that are each stopped after their first result. */
export interface Storm extends Run {
  readonly count: number;
  readonly at_once: number;
}

/** What a runner answers: one line a step. */
export interface StepLine {
  /** Index in `runs`. */
  readonly run: number;
  /** From 1 on. */
  readonly step: number;
  readonly ok: boolean;
  readonly ms: number;
  /** What was wrong, where not ok. */
  readonly detail?: string;
}

/** The runner's last line. */
export interface StormLine {
  /** Searches that were stopped. */
  readonly storm: number;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail?: string;
}
