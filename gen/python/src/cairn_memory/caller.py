"""How every call is made over Connect, gRPC and gRPC-Web: headers, deadline, repetition, errors."""

import asyncio
import copy
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from functools import partial
from importlib.metadata import version
from typing import Any, Literal, TypeVar

from connectrpc.client import ConnectClient, ResponseMetadata
from connectrpc.codec import proto_binary_codec, proto_json_codec
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel, MethodInfo
from connectrpc.protocol import ProtocolType
from connectrpc.request import Headers
from protobuf import Message
from pyqwest import Client as HTTPClient
from pyqwest import HTTPTransport, HTTPVersion

from ._gen.google.rpc.error_details_pb import ErrorInfo
from ._version import user_agent
from .errors import DOMAIN, CairnError, Canceled, Code, error_of, untrusted
from .lost import certificate_fault, is_lost
from .retry import Deadline, is_passing, new_request_id, pause_before
from .settings import Settings, checked_headers
from .waiting import Waiting

Protocol = Literal["connect", "grpc", "grpc-web"]
Codec = Literal["proto", "json"]
CallHeaders = Headers | Mapping[str, str] | None
REQ = TypeVar("REQ")
RES = TypeVar("RES")

_PROTOCOLS = {"connect": ProtocolType.CONNECT, "grpc": ProtocolType.GRPC, "grpc-web": ProtocolType.GRPC_WEB}
_CODECS: dict[str, Callable[[], Any]] = {"proto": proto_binary_codec, "json": proto_json_codec}
_USER_AGENT = user_agent(f"connectrpc/{version('connectrpc')}")
_IDLE_CONNECTIONS = 32


class Caller:
    """Makes calls on an event loop; shared by all services of a client."""

    def __init__(self, settings: Settings, protocol: Protocol, codec: Codec) -> None:
        if protocol not in _PROTOCOLS:
            raise ValueError(f"protocol is {protocol!r}; there are {', '.join(_PROTOCOLS)}")
        if codec not in _CODECS:
            raise ValueError(f"codec is {codec!r}; there are {', '.join(_CODECS)}")
        self._settings = settings
        self._waiting = Waiting("the client was closed")
        self._is_closed = False
        self._transport = HTTPTransport(
            tls_ca_cert=settings.ca,
            tls_include_system_certs=settings.ca is None,
            # Without TLS nothing negotiates HTTP/2, which gRPC cannot do without.
            http_version=HTTPVersion.HTTP2 if protocol == "grpc" and not settings.secure else None,
            pool_max_idle_per_host=_IDLE_CONNECTIONS,
            follow_redirects=False,
        )
        self._connect = ConnectClient(
            settings.url,
            protocol=_PROTOCOLS[protocol],
            codec=_CODECS[codec](),
            send_compression=None,
            http_client=HTTPClient(self._transport),
        )

    async def unary(
        self,
        request: REQ,
        method: MethodInfo[REQ, RES],
        headers: CallHeaders,
        timeout_ms: int | None,
        use_get: bool,
    ) -> RES:
        """Makes a call of one answer. Raises CairnError; cancelling the task cancels the call."""
        deadline = Deadline(self._settings.timeout_ms if timeout_ms is None else timeout_ms)
        prepared, attempts = self._prepare(request, method)
        sent = self._headers(headers)
        attempt = 1
        while True:
            with ResponseMetadata() as answer:
                try:
                    return await self._wait(
                        lambda: self._connect.execute_unary(
                            request=prepared,
                            method=method,
                            headers=Headers(sent),
                            timeout_ms=deadline.left_ms(),
                            use_get=use_get,
                        ),
                        answer,
                    )
                except CairnError as error:
                    failure = error
            attempt = await self._repeat(failure, attempt, attempts, deadline)

    async def stream(
        self, request: REQ, method: MethodInfo[REQ, RES], headers: CallHeaders, timeout_ms: int | None
    ) -> AsyncGenerator[RES, None]:
        """Makes a call of many answers; repeats it only before the first. Closing the generator cancels the call."""
        deadline = Deadline(timeout_ms)
        prepared, attempts = self._prepare(request, method)
        sent = self._headers(headers)
        attempt = 1
        while True:
            self._check_open()
            messages = self._connect.execute_server_stream(
                request=prepared, method=method, headers=Headers(sent), timeout_ms=deadline.left_ms()
            )
            answer = ResponseMetadata()
            try:
                # Entered for one step only: what is set at a yield would be seen by the caller.
                with answer:
                    message = await self._wait(partial(anext, messages), answer)
                attempts = attempt
                while True:
                    yield message
                    message = await self._wait(partial(anext, messages), answer)
            except StopAsyncIteration:
                return
            except CairnError as error:
                failure = error
            finally:
                await _close(messages)
            attempt = await self._repeat(failure, attempt, attempts, deadline)

    async def close(self) -> None:
        """Ends what runs, as Canceled, and closes the connections."""
        self._is_closed = True
        await self._waiting.end()
        await self._transport.aclose()

    async def _wait(self, call: Callable[[], Awaitable[RES]], answer: ResponseMetadata) -> RES:
        """Waits for what the server says; a failure of it is a CairnError."""
        self._check_open()
        with self._waiting.step():
            try:
                return await call()
            except ConnectError as error:
                raise self._failure(error, answer) from error

    async def _repeat(self, failure: CairnError, attempt: int, attempts: int, deadline: Deadline) -> int:
        """Waits for the next attempt and answers its number; raises the failure where there is none."""
        if attempt >= attempts or not is_passing(failure):
            raise failure
        pause = pause_before(attempt + 1, deadline)
        if pause is None:
            raise failure
        if self._is_closed:
            # The failure came at the same time as close(), which knows of no wait that begins now.
            raise Canceled(Code.CANCELED, self._waiting.why) from failure
        with self._waiting.step():
            await asyncio.sleep(pause)
        return attempt + 1

    def _check_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("the client is closed; make another one")

    def _prepare(self, request: REQ, method: MethodInfo[REQ, RES]) -> tuple[REQ, int]:
        """The request as it is sent, and how often at most."""
        attempts = self._settings.max_attempts
        if method.idempotency_level is not IdempotencyLevel.UNKNOWN:
            return request, attempts
        if not isinstance(request, Message) or all(field.name != "request_id" for field in request.desc().fields):
            return request, 1
        # By name, as the type of a request has no such field.
        if getattr(request, "request_id"):  # noqa: B009
            return request, attempts
        # A copy: the caller may send the same message again, and mean another write.
        prepared = copy.copy(request)
        setattr(prepared, "request_id", new_request_id())  # noqa: B010
        return prepared, attempts

    def _headers(self, own: CallHeaders) -> dict[str, str]:
        given = checked_headers("headers", dict(own.items()) if own is not None else {})
        return {"user-agent": _USER_AGENT, **self._settings.headers, **given}

    def _failure(self, error: ConnectError, answer: ResponseMetadata) -> CairnError:
        cause = error.__cause__
        # What is no answer of a server must not pass for one: a cancelled task, and a message that cannot be encoded.
        if isinstance(cause, (asyncio.CancelledError, TypeError, OverflowError, UnicodeEncodeError)):
            raise cause
        why = certificate_fault(error)
        if why is not None:
            return untrusted(why)
        infos = (info for detail in error.details if (info := detail.value(ErrorInfo)) is not None)
        info = next((info for info in infos if info.domain == DOMAIN), None)
        call_id = answer.headers.get("x-request-id") or answer.trailers.get("x-request-id")
        # Only the caller cancels; what else ends a stream on the way is a lost connection.
        is_canceled_by_none = error.code is Code.CANCELED and call_id is None
        code = Code.UNAVAILABLE if info is None and (is_canceled_by_none or is_lost(error)) else error.code
        message = error.message
        if answer.http_status is None and code is Code.UNAVAILABLE:
            message = f"cannot reach {self._settings.url}: {message or type(cause).__name__}"
        return error_of(
            code,
            message,
            reason=info.reason if info else "",
            metadata=info.metadata if info else None,
            call_id=call_id,
        )


async def _close(messages: object) -> None:
    if isinstance(messages, AsyncGenerator):
        await messages.aclose()
