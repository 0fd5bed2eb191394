"""What schemathesis has to be told of Cairn beyond its OpenAPI document."""

import json
import os
import re
from pathlib import Path

import schemathesis
from examples import BODIES

NDJSON = "application/x-ndjson"
# No second model is configured, so that there is no other generation of vectors to drop than the active one.
UNREACHABLE = {"DELETE /api/v1/embeddings/generations/{generation}"}
# The HTTP statuses that go with a gRPC status. None else is an answer to any call, however bad.
STATUSES = {
    "INVALID_ARGUMENT": {400, 415},
    "FAILED_PRECONDITION": {400},
    "UNAUTHENTICATED": {401},
    "PERMISSION_DENIED": {403},
    "NOT_FOUND": {404},
    "ALREADY_EXISTS": {409},
    "ABORTED": {409},
    "UNIMPLEMENTED": {405},
    "RESOURCE_EXHAUSTED": {413, 429, 431},
    "DEADLINE_EXCEEDED": {504},
}
# schemathesis's names of failures.
ACCEPTED_INVALID, REFUSED_VALID, METHOD_MISMATCH = "ST201", "ST202", ("ST204", "ST205")
ENUM_FIELDS = set()
SEEDS = json.loads(Path(os.environ["CAIRN_SEEDS"]).read_text("utf-8"))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    raw_schema["components"]["parameters"]["cairn-agent"]["example"] = SEEDS["cairn-agent"][0]
    operations = [
        operation for item in raw_schema["paths"].values() for name, operation in item.items() if name != "parameters"
    ]
    ENUM_FIELDS.update(enum_fields(raw_schema["components"]["schemas"], operations))
    for number, operation in enumerate(operations):
        expect_all_lines(operation)
        give_example(operation, number)


def expect_all_lines(operation):
    """The document describes a line of a stream; what is read is all of its lines."""
    for response in operation["responses"].values():
        media = response.get("content", {}).get(NDJSON)
        if media is not None:
            media["schema"] = {"type": "array", "items": media["schema"]}


def give_example(operation, number):
    """
    Each operation is called once with something of its own that is there, so that each shows its success: one of the oldest, as
    schemathesis also plays what it found in a list, and the first page of a list holds the newest.
    """
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            values = SEEDS[parameter["name"]]
            parameter["example"] = values[number % len(values)]
    body = BODIES.get(operation["operationId"].removesuffix("_2"))
    if body is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = body


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops the failures of checks that cannot know better; false drops."""
    if failure.code == ACCEPTED_INVALID:
        return not names_enums_alone(failure.message)
    if failure.code == REFUSED_VALID:
        # That a token is damaged or a time has passed, no schema can say; how a request has to look, it must.
        return reason_of(response) == "MALFORMED_REQUEST"
    # The path is also /v1/memory/{id} with an id that is none: more methods are known there, and answer 400.
    return not (failure.code in METHOD_MISMATCH and case.operation.path.endswith("/v1/memory/search"))


def names_enums_alone(message):
    """The document says in words, not in its schemas, that an enum may be given by number."""
    _, _, invalid = message.partition("Invalid component: ")
    paths = [parameter or field for parameter, field in re.findall(r"`([^`]+)`|([\w.\[\]*]+): ", invalid)]
    names = {re.split(r"\W", path.rstrip("[]*0123456789"))[-1] for path in paths}
    return bool(names) and names <= ENUM_FIELDS and "type" in invalid.lower()


def enum_fields(schemas, operations):
    """The names of the fields and parameters that hold an enum."""
    enums = [json.dumps({"$ref": f"#/components/schemas/{name}"}) for name, schema in schemas.items() if "enum" in schema]
    fields = [field for schema in schemas.values() for field in schema.get("properties", {}).items()]
    parameters = [(each["name"], each.get("schema")) for operation in operations for each in operation["parameters"]]
    return {name.split(".")[-1] for name, schema in fields + parameters if any(enum in json.dumps(schema) for enum in enums)}


@schemathesis.deserializer(NDJSON)
def read_lines(context, response):
    return [json.loads(line) for line in response.content.decode("utf-8").splitlines()]


@schemathesis.check
class every_operation_succeeds:
    """Fails where an operation never did what it is for: its answers would not have been looked at."""

    def __init__(self):
        self.asked = set()
        self.succeeded = set()

    def after_response(self, ctx, response, case):
        self.asked.add(case.operation.label)
        if 200 <= response.status_code < 300:
            self.succeeded.add(case.operation.label)

    def after_run(self, ctx):
        never = self.asked - self.succeeded - UNREACHABLE
        if never:
            raise AssertionError(f"never answered 2xx: {', '.join(sorted(never))}")


@schemathesis.check
def failures_have_our_body(ctx, response, case):
    """Whatever refuses a call says so in the one form that the document promises."""
    if response.status_code < 400 or case.method == "HEAD":
        return
    error = response.json()["error"]
    assert isinstance(error["message"], str) and error["message"], "no message"
    assert response.status_code in STATUSES.get(error["code"], ()), f"{error['code']} with {response.status_code}"
    info = error["details"][0]
    assert info["@type"] == "type.googleapis.com/google.rpc.ErrorInfo", "the first detail is no ErrorInfo"
    assert info["domain"] == "cairn.v1" and info["reason"], "no reason"


def reason_of(response):
    """Empty where there is none, which failures_have_our_body objects to."""
    return next((detail.get("reason", "") for detail in response.json()["error"]["details"]), "")
