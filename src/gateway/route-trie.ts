import { canonicalSegment, decodeSegment, decodeSegments } from "./path-encoding.ts";
import type { PathTemplate } from "./path-template.ts";

/** What a path and method led to. */
export type RouteMatch<T> =
  | { readonly kind: "found"; readonly target: T; readonly variables: ReadonlyMap<string, string> }
  /** The path is known, the method is not: `allow` holds the known methods, sorted, and `targets` what they lead to. */
  | { readonly kind: "method"; readonly allow: readonly string[]; readonly targets: readonly T[] }
  /** The path matches, and part of it cannot be decoded. */
  | { readonly kind: "malformed"; readonly target: T }
  | { readonly kind: "none" };

interface Leaf<T> {
  readonly template: PathTemplate;
  readonly target: T;
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  single: Node<T> | null;
  /** Leaves by verb, then by HTTP method. */
  readonly leaves: Map<string, Map<string, Leaf<T>>>;
  readonly openLeaves: Map<string, Map<string, Leaf<T>>>;
}

/**
 * Finds the target of a path. A literal segment wins over `*`, and `*` over `**`; a more specific route that lacks the method
 * gives way to a less specific one that has it.
 */
export class RouteTrie<T> {
  readonly #root: Node<T> = newNode();
  readonly #verbs = new Set<string>();

  /** Adds a route; throws where one with the same method, segments and verb exists. */
  insert(method: string, template: PathTemplate, target: T): void {
    let node = this.#root;
    let leaves = node.leaves;
    for (const segment of template.segments) {
      if (segment === "**") {
        leaves = node.openLeaves;
        break;
      }
      node = child(node, segment);
      leaves = node.leaves;
    }
    const methods = leaves.get(template.verb) ?? new Map<string, Leaf<T>>();
    if (methods.has(method)) {
      throw new Error("another route has the same method and path");
    }
    methods.set(method, { template, target });
    leaves.set(template.verb, methods);
    this.#verbs.add(template.verb);
  }

  /** Looks up an escaped path that begins with a slash, without its query. */
  match(path: string, method: string): RouteMatch<T> {
    if (!path.startsWith("/")) {
      return { kind: "none" };
    }
    const raw = path.slice(1).split("/");
    const last = raw[raw.length - 1]!;
    const colon = last.lastIndexOf(":");
    let verb = "";
    if (colon >= 0) {
      const candidate = canonicalSegment(last.slice(colon + 1));
      if (candidate && this.#verbs.has(candidate)) {
        verb = candidate;
        raw[raw.length - 1] = last.slice(0, colon);
      }
    }
    const segments = raw.map(canonicalSegment);
    const found: Leaf<T>[] = [];
    const allowed = new Map<string, Leaf<T>>();
    search(this.#root, segments, 0, (leaves) => {
      const methods = leaves.get(verb);
      const leaf = methods?.get(method);
      if (leaf) {
        found.push(leaf);
        return true;
      }
      for (const [name, other] of methods ?? []) {
        allowed.set(name, other);
      }
      return false;
    });
    const leaf = found[0];
    if (leaf) {
      return bind(leaf, segments);
    }
    // A colon that is no verb of ours may be part of an id, but then the method has to fit as well.
    if (allowed.size === 0 || (verb === "" && colon >= 0)) {
      return { kind: "none" };
    }
    return { kind: "method", allow: [...allowed.keys()].sort(), targets: [...allowed.values()].map((l) => l.target) };
  }
}

function newNode<T>(): Node<T> {
  return { literals: new Map(), single: null, leaves: new Map(), openLeaves: new Map() };
}

function child<T>(node: Node<T>, segment: string): Node<T> {
  const existing = segment === "*" ? node.single : node.literals.get(segment);
  if (existing) {
    return existing;
  }
  const created = newNode<T>();
  if (segment === "*") {
    node.single = created;
  } else {
    node.literals.set(segment, created);
  }
  return created;
}

type Leaves<T> = ReadonlyMap<string, ReadonlyMap<string, Leaf<T>>>;

/** Visits the leaves that the segments lead to, most specific first, until `visit` says that it is done. */
function search<T>(
  node: Node<T>,
  segments: readonly (string | null)[],
  at: number,
  visit: (leaves: Leaves<T>) => boolean,
): boolean {
  if (at === segments.length) {
    return visit(node.leaves);
  }
  const segment = segments[at];
  const literal = segment ? node.literals.get(segment) : undefined;
  if (literal && search(literal, segments, at + 1, visit)) {
    return true;
  }
  // A wildcard takes no empty segment; a double wildcard does.
  if (segment !== "" && node.single && search(node.single, segments, at + 1, visit)) {
    return true;
  }
  return node.openLeaves.size > 0 && visit(node.openLeaves);
}

function bind<T>(leaf: Leaf<T>, segments: readonly (string | null)[]): RouteMatch<T> {
  const variables = new Map<string, string>();
  for (const variable of leaf.template.variables) {
    const taken = segments.slice(variable.start, variable.end === -1 ? segments.length : variable.end);
    if (taken.includes(null)) {
      return { kind: "malformed", target: leaf.target };
    }
    const several = variable.end === -1 || variable.end - variable.start > 1;
    const value = several ? decodeSegments(taken as string[]) : decodeSegment(taken[0]!);
    if (value === null) {
      return { kind: "malformed", target: leaf.target };
    }
    variables.set(variable.fieldPath, value);
  }
  return { kind: "found", target: leaf.target, variables };
}
