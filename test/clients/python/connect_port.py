"""The synchronous client's port, and what the asyncio client's has of it: both have messages of protobuf-py."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cairn_memory import Cancellation, Client, v1

from blocking_port import BlockingPort, cancel_later

OPTIONS: dict[str, dict[str, Any]] = {
    "connect": {"protocol": "connect"},
    "connect-json": {"protocol": "connect", "codec": "json"},
    "connect-async": {"protocol": "connect"},
    "grpc": {"protocol": "grpc"},
    "grpc-web": {"protocol": "grpc-web"},
}


def headers_of(call_id: str | None) -> dict[str, str] | None:
    return None if call_id is None else {"x-request-id": call_id}


class ConnectMessages:
    """What protobuf-py's messages want."""

    v1 = v1

    def name_of(self, enum: str, value: Any) -> str:
        return getattr(v1, enum)(value).name

    def value_of(self, enum: str, name: str) -> Any:
        return getattr(v1, enum)[name]

    def has(self, message: Any, field: str) -> bool:
        return message.has_field(field)

    def struct(self, values: dict[str, Any]) -> Any:
        return v1.Struct.from_python(values)

    def plain(self, struct: Any) -> dict[str, Any]:
        return struct.to_python()

    def timestamp(self, at: datetime) -> Any:
        return v1.Timestamp.from_datetime(at)

    def instant(self, timestamp: Any) -> datetime:
        return timestamp.to_datetime()

    def mask(self, *paths: str) -> Any:
        return v1.FieldMask(paths=list(paths))


class ConnectPort(BlockingPort, ConnectMessages):
    """cairn_memory.Client."""

    def __init__(self, wire: str, url: str, key: str, ca: str | None) -> None:
        self._client = Client(url, key, ca=ca, **OPTIONS[wire])

    def call(
        self, service: str, method: str, request: Any, *, call_id: str | None = None, timeout_ms: int | None = None
    ) -> Any:
        call = getattr(getattr(self._client, service), method)
        return call(request, headers=headers_of(call_id), timeout_ms=timeout_ms)

    def begin(self, request: Any, call_id: str | None = None) -> Any:
        return self._client.search(request, headers=headers_of(call_id))

    def cancel_search(self, request: Any, call_id: str) -> BaseException:
        with Cancellation() as cancellation:
            try:
                for _ in self.begin(request, call_id):
                    threading.Timer(0.01, cancellation.cancel).start()
            except Exception as error:
                return error
        raise AssertionError("the search ended as if it had not been cancelled")

    def cancel_get(self, request: Any, call_id: str, await_begin: Callable[[], None]) -> tuple[BaseException, float]:
        with Cancellation() as cancellation:
            cancelling = cancel_later(await_begin, cancellation.cancel)
            try:
                self._client.memories.get_memory(request, headers=headers_of(call_id))
            except Exception as error:
                return error, time.monotonic() - cancelling.result()
        raise AssertionError("the call ended as if it had not been cancelled")
