import { rest } from "../app/rest.ts";
import type { Credentials } from "../app/wires.ts";

/** One call of a scenario. */
export interface Step {
  /** Says what the call shows. */
  readonly shows: string;
  /** Method and path below the dialect's base, such as `GET /{pitch}`: the id that the step saved as `pitch`. */
  readonly call: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose credentials; default `agent`. */
  readonly as?: string;
  /** The server takes it, and the OpenAPI document does not speak of it. */
  readonly undocumented?: true;
  /** Keeps the `id` of the answer under this name. */
  readonly save?: string;
}

/** A call as golden files keep it, ids and times replaced by names. */
export interface Exchange {
  readonly shows: string;
  readonly as: string;
  readonly request: { readonly call: string; readonly headers?: unknown; readonly body?: unknown };
  readonly response: { readonly status: number; readonly headers?: unknown; readonly body: unknown };
}

/** An exchange as it was, for other checks. */
export interface RawExchange {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

const SHOWN_HEADERS = ["allow", "www-authenticate"];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const HOUR_MS = 3_600_000;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Plays a scenario over a real socket, call after call. */
export async function play(
  app: { readonly url: string },
  base: string,
  credentials: Readonly<Record<string, Credentials>>,
  steps: readonly Step[],
): Promise<{ exchanges: Exchange[]; raw: RawExchange[] }> {
  const names = new Names(base);
  const exchanges: Exchange[] = [];
  const raw: RawExchange[] = [];
  for (const { shows, call, body, headers = {}, as = "agent", save, undocumented } of steps) {
    const [method = "", template = ""] = call.split(" ");
    const path = base + names.fill(template);
    const filled = body === undefined ? undefined : JSON.parse(names.fill(JSON.stringify(body)));
    const answer = await rest(app, credentials[as] ?? {}, `${method} ${path}`, filled, headers);
    if (save) {
      names.save(save, String(answer.json?.id));
    }
    const shown = Object.fromEntries(
      SHOWN_HEADERS.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)]] : [])),
    );
    exchanges.push({
      shows,
      as,
      request: {
        call: names.show(`${method} ${path.slice(base.length)}`),
        ...(Object.keys(headers).length === 0 ? {} : { headers }),
        ...(body === undefined ? {} : { body: names.normalise(filled) }),
      },
      response: {
        status: answer.status,
        ...(Object.keys(shown).length === 0 ? {} : { headers: shown }),
        body: names.normalise(method === "POST" ? answer.json : settling(answer.json)),
      },
    });
    if (undocumented) {
      continue;
    }
    raw.push({ method, path: path.split("?")[0]!, body: filled, status: answer.status, answer: answer.json });
  }
  return { exchanges, raw };
}

/** A change of the text re-embeds in the background, so only a write says for certain how that went. */
function settling(answer: unknown): unknown {
  const text = JSON.stringify(answer);
  return JSON.parse(
    text.replace(/"embedding_status":"(attached|pending)"/g, '"embedding_status":"{attached or pending}"'),
  );
}

/** Names for what differs from run to run. */
class Names {
  readonly #base: string;
  readonly #ids = new Map<string, string>();
  readonly #byName = new Map<string, string>();

  constructor(base: string) {
    this.#base = base;
  }

  save(name: string, id: string): void {
    if (!/^[0-9a-f-]{36}$/.test(id)) {
      throw new Error(`the answer has no id to keep as ${name}`);
    }
    this.#byName.set(name, id);
    this.#ids.set(id, `{${name}}`);
  }

  /** Puts in ids for `{name}`. */
  fill(text: string): string {
    return text.replace(/\{([a-z_]+)\}/g, (whole, name: string) => this.#byName.get(name) ?? whole);
  }

  show(text: string): string {
    return text.replace(`${this.#base}/`, "{base}/").replace(UUID, (id) => this.#ids.get(id) ?? "{id}");
  }

  normalise(value: unknown, key = ""): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.normalise(item));
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.normalise(item, name)]));
    }
    if (key === "similarity" && typeof value === "number") {
      return value >= -1 && value <= 1 ? "{similarity}" : value;
    }
    if (typeof value !== "string") {
      return value;
    }
    if (value.length > 1000) {
      return `{${value.length} characters}`;
    }
    return key === "company_id" ? "{workspace}" : (this.#time(key, value) ?? this.show(value));
  }

  /** The server's own times differ: created_at, updated_at, deleted_at, and an expires_at that was set to now. */
  #time(key: string, value: string): string | null {
    if (!TIME.test(value)) {
      return null;
    }
    const now = key === "expires_at" && Math.abs(Date.parse(value) - Date.now()) < HOUR_MS;
    return now || /^(created|updated|deleted)_at$/.test(key) ? "{time}" : null;
  }
}
