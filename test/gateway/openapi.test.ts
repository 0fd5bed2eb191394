import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create, createFileRegistry, type DescService, fromBinary, fromJsonString, toBinary } from "@bufbuild/protobuf";
import { DurationSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formatsPlugin from "ajv-formats";
import { describe, expect, it } from "vitest";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { MemoryService as TrustpagerService } from "../../gen/server/trustpager/v1/memory_pb.ts";
import { timeoutOf } from "../../src/gateway/headers.ts";
import { httpBindings } from "../../src/gateway/http-rule.ts";
import { openApiDocument } from "../../src/gateway/openapi/document.ts";
import { schemaOf } from "./schema.ts";

const file = join(import.meta.dirname, "../../gen/openapi/openapi.json");
// biome-ignore lint/suspicious/noExplicitAny: a JSON document that the tests walk freely
const document: any = JSON.parse(readFileSync(file, "utf8"));
const services: readonly DescService[] = [
  AgentService,
  KeyService,
  MemoryService,
  WorkspaceService,
  EmbeddingService,
  TrustpagerService,
];

const ajv = new Ajv2020({ strict: false, allErrors: true });
formatsPlugin.default(ajv);
ajv.addSchema({ $id: "doc", ...document });
const schemaCheck = (pointer: string) => ajv.compile({ $ref: `doc#${pointer}` });
const component = (name: string) => schemaCheck(`/components/schemas/${name}`);

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const result = await new Validator({ strict: false }).validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toBe("3.1.0");
  });

  it("describes every route of every service, and no others", () => {
    const routes = services.flatMap(httpBindings).map(({ httpMethod, path }) => `${httpMethod} ${path}`);
    const described = Object.entries<object>(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => key !== "parameters")
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(routes.sort());
    expect(routes.length).toBeGreaterThan(30);
  });

  it("resolves every reference, and leaves no schema unused", () => {
    const text = JSON.stringify(document);
    const references = new Set([...text.matchAll(/"\$ref":"#([^"]+)"/g)].map((match) => match[1]!));
    for (const reference of references) {
      const target = reference
        .split("/")
        .slice(1)
        .reduce((at, key) => at?.[key], document);
      expect(target, reference).toBeDefined();
    }
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !references.has(`/components/schemas/${name}`),
    );
    expect(unused).toEqual([]);
  });

  it("has unique operation ids, and comments on all that it describes", () => {
    const operations = Object.values<Record<string, { operationId?: string; description?: string }>>(
      document.paths,
    ).flatMap((item) => Object.values(item).filter((operation) => operation.operationId));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations.filter(({ description }) => !description)).toEqual([]);
    for (const [name, schema] of Object.entries<{
      description?: string;
      properties?: Record<string, { description?: string }>;
    }>(document.components.schemas)) {
      expect(schema.description, name).toBeTruthy();
      const bare = Object.entries(schema.properties ?? {}).filter(([, property]) => !property.description);
      expect(name === "Error" ? [] : bare, name).toEqual([]);
    }
  });

  it("says which statuses a write can have, and that every call can fail", () => {
    const write = document.paths["/v1/memory"].post;
    expect(Object.keys(write.responses)).toEqual(["200", "201", "default"]);
    expect(write.responses.default).toEqual({ $ref: "#/components/responses/Error" });
    expect(Object.keys(document.paths["/api/v1/keys"].post.responses)).toEqual(["201", "default"]);
    for (const [path, { parameters, ...operations }] of Object.entries<Record<string, { responses: object }>>(
      document.paths,
    )) {
      for (const { responses } of Object.values(operations)) {
        const [success, ...others] = Object.keys(responses);
        expect(success, path).toMatch(/^2\d\d$/);
        expect(others.at(-1), path).toBe("default");
      }
    }
  });

  it("says that Search streams", () => {
    const { content } = document.paths["/api/v1/memories:search"].post.responses["200"];
    expect(Object.keys(content)).toEqual(["application/x-ndjson", "text/event-stream"]);
    const line = schemaCheck(
      "/paths/~1api~1v1~1memories:search/post/responses/200/content/application~1x-ndjson/schema",
    );
    expect(line({ error: { code: "UNAVAILABLE", message: "gone", details: [] } })).toBe(true);
    expect(line({ error: { code: "UNAVAILABLE" } })).toBe(false);
  });

  const write = { subject_type: "contact", kind: "pitch", content: "Pitched." };

  it.each<[why: string, valid: boolean, body: object]>([
    ["the required fields", true, write],
    ["no content", false, { subject_type: "contact", kind: "pitch" }],
    ["empty content", false, { ...write, content: "" }],
    ["content of 50,000 characters beyond the BMP", true, { ...write, content: "🎈".repeat(50_000) }],
    ["content of 50,001 characters", false, { ...write, content: "x".repeat(50_001) }],
    ["an unknown field", false, { ...write, nope: 1 }],
    ["null for what may be absent", true, { ...write, subject_id: null, expires_at: null, confidence: null }],
    ["a confidence of 1.1", false, { ...write, confidence: 1.1 }],
    ["a malformed UUID", false, { ...write, subject_id: "x" }],
    ["a malformed time", false, { ...write, expires_at: "tomorrow" }],
    ["another visibility", false, { ...write, visibility: "public" }],
    ["101 tags", false, { ...write, tags: Array.from({ length: 101 }, (_, index) => `t${index}`) }],
    ["a tag twice", false, { ...write, tags: ["a", "a"] }],
    ["an empty tag", false, { ...write, tags: [""] }],
    ["a list as metadata", false, { ...write, metadata: [] }],
    ["half a linked entity", false, { ...write, linked_entities: [{ type: "opportunity" }] }],
  ])("judges a TrustPager write with %s as the server does: %s", (_, valid, body) => {
    expect(component("trustpager.v1.WriteMemoryRequest")(body)).toBe(valid);
  });

  it("lets a handle stay away where the server does, and only there", () => {
    expect(component("cairn.v1.AgentChanges")({ handle: "" })).toBe(true);
    expect(component("cairn.v1.AgentChanges")({ handle: "a b" })).toBe(false);
    expect(component("cairn.v1.CreateAgentRequest")({ handle: "" })).toBe(false);
    expect(component("cairn.v1.CreateAgentRequest")({})).toBe(false);
  });

  it("shows null in an answer where the server writes it", () => {
    const { properties, required } = document.components.schemas["trustpager.v1.Memory"];
    expect(properties.deleted_at.type).toEqual(["string", "null"]);
    expect(required).toContain("deleted_at");
    expect(properties.id.type).toBe("string");
  });
});

it("asks in no body for what the path has said", () => {
  const { schema } = document.paths["/api/v1/keys/{key_id}:rotate"].post.requestBody.content["application/json"];
  expect(Object.keys(schema.properties)).toEqual(["overlap"]);
});

it.each(["1.5s", "-1s", "99999999999s", "-962131404120s", "1.0000000001s", "1"])(
  "tells a duration from none as Protobuf does: %s",
  (text) => {
    const { schema } = document.paths["/api/v1/keys/{key_id}:rotate"].post.requestBody.content["application/json"];
    const read = () => fromJsonString(DurationSchema, JSON.stringify(text));
    if (ajv.validate(schema, { overlap: text })) expect(read()).toBeDefined();
    else expect(read).toThrow();
  },
);

it("says of a number in a path that it is one, with its limits", () => {
  const { parameters } = document.paths["/api/v1/embeddings/generations/{generation}"].delete;
  expect(parameters[0]).toMatchObject({ name: "generation", in: "path", required: true });
  expect(parameters[0].schema).toEqual({ type: "integer", format: "int32", minimum: 1, maximum: 32_767 });
});

it("shows no mask that names fields which the resource does not have", () => {
  const { parameters } = document.paths["/api/v1/agents/{agent}"].patch;
  const mask = parameters.find(({ name }: { name: string }) => name === "update_mask");
  expect(mask.schema.examples).toBeUndefined();
  expect(mask.description).toContain("separated by commas");
});

it.each(["2.5", "30", "007", "0", "0.0", "", "soon", "1e3", "-1", "0.0001"])(
  "takes a request-timeout of %j as the gateway does",
  (text) => {
    const { schema } = document.components.parameters["request-timeout"];
    const taken = () => timeoutOf(new Headers({ "request-timeout": text }));
    if (ajv.validate(schema, text)) expect(taken()).toBeGreaterThan(0);
    else expect(taken).toThrow();
  },
);

describe("openApiDocument()", () => {
  const options = { title: "T", version: "1", description: "", headers: {} };
  const { service } = schemaOf({
    messages: {
      Loop: { name: "string", loop: "Loop", loops: "Loop*", wrapped: "google.protobuf.Int32Value" },
      Answer: { left: "Loop" },
    },
    methods: {
      Get: { input: "Loop", output: "Answer", http: { pattern: { case: "get", value: "/a/{name=b/*/c/*}/*:do" } } },
      Put: { input: "Loop", output: "Answer", http: { pattern: { case: "put", value: "/a/{name}" }, body: "*" } },
    },
  });
  const made = openApiDocument([service.file], [service], options) as typeof document;

  it("ends where messages hold themselves, and makes each wildcard a parameter", () => {
    expect(Object.keys(made.paths)).toEqual(["/a/b/{name_1}/c/{name_3}/{segment_5}:do", "/a/{name}"]);
    const { parameters } = made.paths["/a/b/{name_1}/c/{name_3}/{segment_5}:do"].get;
    expect(parameters.map((each: { in: string; name: string }) => `${each.in} ${each.name}`)).toEqual([
      "path name_1",
      "path name_3",
      "path segment_5",
      "query wrapped",
    ]);
    expect(made.components.schemas["test.v1.Loop"].properties.loops.items).toEqual({
      $ref: "#/components/schemas/test.v1.Loop",
    });
  });

  it("gives the same document for the same descriptors, whatever became of them in between", () => {
    const set = create(FileDescriptorSetSchema, {
      file: [...service.file.dependencies.map((each) => each.proto), service.file.proto],
    });
    const again = createFileRegistry(fromBinary(FileDescriptorSetSchema, toBinary(FileDescriptorSetSchema, set)));
    const file = again.getFile("test.proto")!;
    expect(openApiDocument([file], [again.getService("test.v1.TestService")!], options)).toEqual(made);
  });
});
