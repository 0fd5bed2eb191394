import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formatsPlugin from "ajv-formats";
import type { RawExchange } from "./transcript.ts";

const file = join(import.meta.dirname, "../../gen/openapi/openapi.json");
// biome-ignore lint/suspicious/noExplicitAny: a JSON document that is walked freely
const document: any = JSON.parse(readFileSync(file, "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
formatsPlugin.default(ajv);
ajv.addSchema({ $id: "doc", ...document });

const compiled = new Map<string, ValidateFunction>();

/**
 * What an exchange shows to be false in the OpenAPI document: an answer that its schema refuses, or a request that its schema
 * refuses and the server takes. Empty where the document is right, or says nothing of the path.
 */
export function contradictions({ method, path, body, status, answer }: RawExchange): string[] {
  const route = Object.keys(document.paths)
    .filter((template) => matches(template, path))
    .sort((a, b) => a.split("{").length - b.split("{").length)[0];
  const operation = route && document.paths[route][method.toLowerCase()];
  if (!operation) {
    return [];
  }
  const at = `/paths/${route.replaceAll("~", "~0").replaceAll("/", "~1")}/${method.toLowerCase()}`;
  const success = status >= 200 && status < 300;
  if (success && !operation.responses[status]) {
    return [`${method} ${route} answers ${status}, which the document does not know`];
  }
  const response = success ? `${at}/responses/${status}/content/application~1json/schema` : "/components/schemas/Error";
  const faults = faultsOf(response, answer, `${method} ${route} → ${status}`);
  if (success && operation.requestBody && body !== undefined) {
    faults.push(...faultsOf(`${at}/requestBody/content/application~1json/schema`, body, `${method} ${route} ←`));
  }
  return faults;
}

function faultsOf(pointer: string, value: unknown, where: string): string[] {
  const check = compiled.get(pointer) ?? ajv.compile({ $ref: `doc#${encodeURI(pointer)}` });
  compiled.set(pointer, check);
  return check(value) ? [] : (check.errors ?? []).map((error) => `${where}: ${error.instancePath} ${error.message}`);
}

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/:]+");
  return new RegExp(`^${pattern}$`).test(path);
}
