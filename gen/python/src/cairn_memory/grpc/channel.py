"""A channel of grpcio whose calls carry the client's headers, have an end, are repeated where that is safe, and raise CairnError."""

import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool

from ..errors import CairnError, Canceled, Code, DeadlineExceeded
from ..retry import Deadline, is_passing, new_request_id, pause_before
from ..settings import Settings
from .errors import error_from

RES = TypeVar("RES")
Metadata = Iterable[tuple[str, str | bytes]]
_UNKNOWN = descriptor_pb2.MethodOptions.IDEMPOTENCY_UNKNOWN


class MessageStream(Generic[RES]):
    """Messages as they come. `close()` (or `cancel()`) and dropping the object end the call on the server."""

    def __init__(self, start: Callable[[], Any], retries: "_Retries") -> None:
        self._start: Callable[[], Any] = lambda: retries.begin(start)
        self._retries = retries
        self._call = self._start()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> RES:
        while True:
            try:
                message: RES = next(self._call)
            except grpc.RpcError as error:
                self._retries.wait(error_from(error))
                self._call = self._start()
            else:
                self._retries.is_last = True
                return message

    def cancel(self) -> None:
        """Ends the call, from any thread; who reads gets Canceled."""
        self._retries.stop()
        self._call.cancel()

    def close(self) -> None:
        """The same as cancel()."""
        self.cancel()

    def __del__(self) -> None:
        if hasattr(self, "_call"):
            self.cancel()


class RetryingChannel(grpc.Channel):
    """Wraps a channel of grpcio; made for the generated stubs."""

    def __init__(self, channel: grpc.Channel, settings: Settings) -> None:
        self._channel = channel
        self._settings = settings
        self._open = _Open()

    def unary_unary(self, method: str, *args: Any, **kwargs: Any) -> "_Unary":
        call = self._channel.unary_unary(method, *args, **kwargs)
        return _Unary(call, _Rule.of(method), self._settings, self._open)

    def unary_stream(self, method: str, *args: Any, **kwargs: Any) -> "_Stream":
        call = self._channel.unary_stream(method, *args, **kwargs)
        return _Stream(call, _Rule.of(method), self._settings, self._open)

    def stream_unary(self, method: str, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{method} takes a stream, and no call of cairn.v1 does")

    def stream_stream(self, method: str, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{method} takes a stream, and no call of cairn.v1 does")

    def subscribe(self, callback: Any, try_to_connect: bool = False) -> None:
        self._channel.subscribe(callback, try_to_connect)

    def unsubscribe(self, callback: Any) -> None:
        self._channel.unsubscribe(callback)

    def close(self) -> None:
        self._open.end()
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


@dataclass(frozen=True)
class _Rule:
    """Whether a method's calls are safe to repeat: always, with a request_id, or never."""

    always: bool
    with_request_id: bool

    @classmethod
    def of(cls, path: str) -> "_Rule":
        method = descriptor_pool.Default().FindMethodByName(path.strip("/").replace("/", "."))
        always = method.GetOptions().idempotency_level != _UNKNOWN
        return cls(always, not always and "request_id" in method.input_type.fields_by_name)


class _Open:
    """Whether the channel is open, and which calls are between attempts."""

    def __init__(self) -> None:
        self.is_ended = False
        self.calls: weakref.WeakSet[_Retries] = weakref.WeakSet()
        self.lock = threading.Lock()

    def end(self) -> None:
        """Lets no other attempt begin."""
        with self.lock:
            self.is_ended = True
            calls = list(self.calls)
        for call in calls:
            call.stop()


class _Retries:
    """Counts one call's attempts. Raises RuntimeError where the channel is closed."""

    is_last = False
    """True: a failure is the call's."""

    def __init__(self, attempts: int, deadline: Deadline, channel: _Open) -> None:
        self._attempts = attempts
        self._deadline = deadline
        self._attempt = 1
        self._stopped = threading.Event()
        with channel.lock:
            if channel.is_ended:
                raise RuntimeError("the client is closed; make another one")
            channel.calls.add(self)

    def stop(self) -> None:
        """Lets no other attempt begin: the call ends as Canceled."""
        self._stopped.set()

    def begin(self, attempt: Callable[[], RES]) -> RES:
        """Makes an attempt."""
        if self._deadline.left() == 0:
            raise DeadlineExceeded(Code.DEADLINE_EXCEEDED, "the call's time was up before it began")
        try:
            return attempt()
        except ValueError as error:
            # So does grpcio say that its channel is closed.
            if self._stopped.is_set():
                raise self._canceled() from error
            raise

    def wait(self, failure: CairnError) -> None:
        """Waits for the next attempt; raises the failure where there is none."""
        if self._attempt >= self._attempts or not is_passing(failure) or self.is_last:
            raise failure
        pause = pause_before(self._attempt + 1, self._deadline)
        if pause is None:
            raise failure
        if self._stopped.wait(pause):
            raise self._canceled() from failure
        self._attempt += 1

    def _canceled(self) -> Canceled:
        return Canceled(Code.CANCELED, "the call was cancelled by the caller")


class _Calls:
    """What calls with one answer and with many share."""

    def __init__(self, call: Any, rule: _Rule, settings: Settings, channel: _Open) -> None:
        self._call = call
        self._rule = rule
        self._settings = settings
        self._channel = channel

    def _prepare(self, request: Any, deadline: Deadline) -> tuple[Any, _Retries]:
        attempts = self._settings.max_attempts if self._rule.always or self._rule.with_request_id else 1
        if self._rule.with_request_id and not request.request_id:
            # A copy: the caller may send the same message again, and mean another write.
            prepared = type(request)()
            prepared.CopyFrom(request)
            prepared.request_id = new_request_id()
            request = prepared
        return request, _Retries(attempts, deadline, self._channel)

    def _metadata(self, own: Metadata | None) -> list[tuple[str, str | bytes]]:
        given = [(name.lower(), value) for name, value in own or ()]
        names = {name for name, _ in given} | {"user-agent"}
        return [pair for pair in self._settings.headers.items() if pair[0] not in names] + given

    def _deadline(self, timeout: float | None, default_ms: float | None) -> Deadline:
        return Deadline(default_ms if timeout is None else timeout * 1000)


class _Unary(_Calls, grpc.UnaryUnaryMultiCallable):
    def __call__(
        self, request: Any, timeout: float | None = None, metadata: Metadata | None = None, **more: Any
    ) -> Any:
        return self.with_call(request, timeout, metadata, **more)[0]

    def with_call(
        self, request: Any, timeout: float | None = None, metadata: Metadata | None = None, **more: Any
    ) -> Any:
        """Answers the message, and grpcio's call, which has the answer's metadata."""
        deadline = self._deadline(timeout, self._settings.timeout_ms)
        prepared, retries = self._prepare(request, deadline)
        sent = self._metadata(metadata)
        while True:
            try:
                return retries.begin(
                    lambda: self._call.with_call(prepared, timeout=deadline.left(), metadata=sent, **more)
                )
            except grpc.RpcError as error:
                failure = error_from(error)
            retries.wait(failure)

    def future(self, request: Any, timeout: float | None = None, metadata: Metadata | None = None, **more: Any) -> Any:
        """Starts a call that can be cancelled; it is made once, and raises grpcio's own errors."""
        deadline = self._deadline(timeout, self._settings.timeout_ms)
        prepared, retries = self._prepare(request, deadline)
        sent = self._metadata(metadata)
        return retries.begin(lambda: self._call.future(prepared, timeout=deadline.left(), metadata=sent, **more))


class _Stream(_Calls, grpc.UnaryStreamMultiCallable):
    def __call__(
        self, request: Any, timeout: float | None = None, metadata: Metadata | None = None, **more: Any
    ) -> MessageStream[Any]:
        deadline = self._deadline(timeout, None)
        prepared, retries = self._prepare(request, deadline)
        sent = self._metadata(metadata)
        return MessageStream(lambda: self._call(prepared, timeout=deadline.left(), metadata=sent, **more), retries)
