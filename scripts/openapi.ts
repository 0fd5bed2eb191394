/** `node scripts/openapi.ts <folder>`: writes openapi.json, made of the protos and their comments, with no network. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileRegistry, fromBinary, hasOption } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { http } from "../gen/server/google/api/annotations_pb.ts";
import { openApiDocument } from "../src/gateway/openapi/document.ts";

const root = join(import.meta.dirname, "..");

const description = `Memory for software agents over JSON/REST. The same calls are served over gRPC, gRPC-Web and Connect.

JSON fields are spelled as here; requests may spell them in lowerCamelCase too. Unknown fields and query parameters are refused.
A null field of a request counts as absent, but for the fields of a PATCH, where it resets. Enums may be given by number.`;

/** The version of the contract, not of the release. */
const version = "1";

const headers = {
  "cairn-agent": { description: "UUID or handle of the agent whose view a workspace-wide key takes." },
  "x-request-id": {
    description:
      "Id that the call goes by in answers and logs: 1 to 100 of a-z, A-Z, 0-9, `.`, `_`, `-`. Absent, or any other: one is made.",
  },
  "request-timeout": {
    description: "Seconds after which the call is given up, such as 2.5.",
    pattern: "^(?=.*[1-9])[0-9]{1,7}(\\.[0-9]{1,3})?$",
  },
};

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node scripts/openapi.ts <folder>");
  process.exit(2);
}
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, buildImage()));
const files = [...registry.files].sort((a, b) => (a.name < b.name ? -1 : 1));
const services = files
  .flatMap((file) => file.services)
  .filter((service) => service.methods.some((method) => hasOption(method, http)));
const document = openApiDocument(files, services, { title: "Cairn", version, description, headers });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "openapi.json"), `${JSON.stringify(document, null, 2)}\n`);

/** The descriptors of all protos, with their comments. */
function buildImage(): Uint8Array {
  const scratch = mkdtempSync(join(tmpdir(), "cairn-openapi-"));
  try {
    const file = join(scratch, "image.binpb");
    const { status, stderr, error } = spawnSync(join(root, "node_modules/.bin/buf"), ["build", "-o", file], {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) {
      throw new Error(`buf build failed\n${error?.message ?? ""}${stderr}`);
    }
    return readFileSync(file);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
