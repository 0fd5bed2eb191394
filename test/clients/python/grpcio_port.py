"""The port of the client on grpcio."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cairn_memory.grpc import Client, v1
from google.protobuf import json_format
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from blocking_port import BlockingPort, cancel_later


def metadata_of(call_id: str | None) -> list[tuple[str, str]] | None:
    return None if call_id is None else [("x-request-id", call_id)]


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def prefix_of(enum: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in enum).strip("_").upper() + "_"


class GrpcioPort(BlockingPort):
    """cairn_memory.grpc.Client."""

    v1 = v1

    def __init__(self, wire: str, url: str, key: str, ca: str | None) -> None:
        self._client = Client(url, key, ca=ca)

    def call(
        self, service: str, method: str, request: Any, *, call_id: str | None = None, timeout_ms: int | None = None
    ) -> Any:
        call = getattr(getattr(self._client, service), camel(method))
        return call(request, timeout=None if timeout_ms is None else timeout_ms / 1000, metadata=metadata_of(call_id))

    def begin(self, request: Any, call_id: str | None = None) -> Any:
        return self._client.search(request, metadata=metadata_of(call_id))

    def cancel_search(self, request: Any, call_id: str) -> BaseException:
        search = self.begin(request, call_id)
        try:
            for _ in search:
                threading.Timer(0.01, search.close).start()
        except Exception as error:
            return error
        raise AssertionError("the search ended as if it had not been cancelled")

    def cancel_get(self, request: Any, call_id: str, await_begin: Callable[[], None]) -> tuple[BaseException, float]:
        future = self._client.memories.GetMemory.future(request, metadata=metadata_of(call_id))
        cancelling = cancel_later(await_begin, future.cancel)
        try:
            future.result()
        except Exception as error:
            return error, time.monotonic() - cancelling.result()
        raise AssertionError("the call ended as if it had not been cancelled")

    def name_of(self, enum: str, value: Any) -> str:
        return getattr(v1, enum).Name(value).removeprefix(prefix_of(enum))

    def value_of(self, enum: str, name: str) -> Any:
        return getattr(v1, enum).Value(prefix_of(enum) + name)

    def has(self, message: Any, field: str) -> bool:
        return message.HasField(field)

    def struct(self, values: dict[str, Any]) -> Any:
        return json_format.ParseDict(values, Struct())

    def plain(self, struct: Any) -> dict[str, Any]:
        return json_format.MessageToDict(struct)

    def timestamp(self, at: datetime) -> Any:
        made = Timestamp()
        made.FromDatetime(at)
        return made

    def instant(self, timestamp: Any) -> datetime:
        return timestamp.ToDatetime(UTC)

    def mask(self, *paths: str) -> Any:
        return FieldMask(paths=paths)
