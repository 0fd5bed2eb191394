import type { App } from "../app.ts";

/** What a person sees when the server is up: the address, the key, and three calls to paste. */
export function banner(app: App): string {
  const { url, rootKey } = app;
  const authority = new URL(url).host;
  const key = rootKey.made ? rootKey.secrets[0] : "$CAIRN_API_KEY";
  const plaintext = url.startsWith("https:") ? "" : "-plaintext ";
  return `
Cairn is serving at ${url} (${app.engine})
${keyLine(app)}

  # write a memory
  curl -s ${url}/api/v1/memories -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\
    -d '{"kind": "preference", "key": "channel", "content": "Sarah prefers email to the phone."}'

  # find it again
  curl -s ${url}/api/v1/memories:search -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\
    -d '{"query": "how does Sarah like to be reached?"}'

  # the same over gRPC
  grpcurl ${plaintext}-H "authorization: Bearer ${key}" \\
    -d '{"query": "how does Sarah like to be reached?"}' ${authority} cairn.v1.MemoryService/Search

`;
}

function keyLine({ rootKey }: App): string {
  if (rootKey.made) {
    return `Root key, shown this once: ${rootKey.secrets[0]}\n(kept in ${rootKey.file})`;
  }
  if (rootKey.file === null) {
    return rootKey.secrets.length === 1
      ? "Root key: the one in CAIRN_ROOT_KEY. For the calls below: export CAIRN_API_KEY=$CAIRN_ROOT_KEY"
      : `Root keys: those in CAIRN_ROOT_KEY. For the calls below: export CAIRN_API_KEY=\${CAIRN_ROOT_KEY%%,*}`;
  }
  return `Root key: the one in ${rootKey.file}. For the calls below: export CAIRN_API_KEY=$(cat ${rootKey.file})`;
}
