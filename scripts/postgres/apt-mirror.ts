import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The base URL of the Debian archive that this machine's own apt uses, read from sources.list and
 * sources.list.d (one-line and deb822 forms; either may be absent).
 *
 * @throws Error when apt names no Debian archive: this is not a Debian machine, or it has no sources.
 */
export function aptMirror(aptFolder = "/etc/apt"): string {
  const parts = join(aptFolder, "sources.list.d");
  const files = existsSync(parts) ? readdirSync(parts).sort() : [];
  const sources = [join(aptFolder, "sources.list"), ...files.map((file) => join(parts, file))];
  for (const source of sources.filter((path) => /\.(list|sources)$/.test(path) && existsSync(path))) {
    for (const uri of urisOf(readFileSync(source, "utf8"))) {
      if (/\/debian\/?$/.test(uri)) return uri.replace(/\/$/, "");
    }
  }
  throw new Error(`apt names no Debian archive in ${aptFolder}; set CAIRN_TEST_DATABASE_URL to a Postgres of your own`);
}

function urisOf(text: string): string[] {
  const uris: string[] = [];
  for (const line of text.split("\n")) {
    const named = /^URIs:\s*(.*)$/i.exec(line)?.[1];
    if (named !== undefined) uris.push(...named.split(/\s+/));
    const oneLine = /^deb(?:\s+\[[^\]]*\])?\s+(\S+)/.exec(line)?.[1];
    if (oneLine !== undefined) uris.push(oneLine);
  }
  return uris;
}
