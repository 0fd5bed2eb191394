"""grpcio's errors as the package's own."""

import grpc

from .._gen.google.rpc.error_details_pb import ErrorInfo
from .._gen.google.rpc.status_pb import Status
from ..errors import DOMAIN, CairnError, Code, error_of, untrusted

_DETAILS = "grpc-status-details-bin"
# What grpcio calls a stream that was reset or ended before its status, though nobody cancelled and no server said so.
_DROPPED = (Code.CANCELED, Code.INTERNAL, Code.UNKNOWN)
# What BoringSSL and grpcio say of a certificate that they do not accept; it stands in the midst of addresses and attempts.
_SIGNS_OF_DISTRUST = ("CERTIFICATE_VERIFY_FAILED", "Hostname Verification Check failed")
_SIGNS_OF_LOSS = ("Received RST_STREAM", "Stream removed")


def error_from(error: grpc.RpcError) -> CairnError:
    """Reads status code, ErrorInfo and the call's id off what a call of grpcio, synchronous or asyncio, ended with."""
    sent: dict[str, str | bytes] = {}
    for metadata in (error.initial_metadata(), error.trailing_metadata()):
        sent.update((key, value) for key, value in metadata or ())
    message = error.details() or ""
    name = error.code().name
    code = Code.CANCELED if name == "CANCELLED" else Code[name]
    info = _info(sent.get(_DETAILS))
    if info is None and code in _DROPPED and any(sign in message for sign in _SIGNS_OF_LOSS):
        code = Code.UNAVAILABLE
    call_id = sent.get("x-request-id")
    # Where metadata came, a server has spoken.
    if code is Code.UNAVAILABLE and not sent and any(sign in message for sign in _SIGNS_OF_DISTRUST):
        failure = untrusted(message)
    else:
        failure = error_of(
            code,
            message,
            reason=info.reason if info else "",
            metadata=info.metadata if info else None,
            call_id=call_id if isinstance(call_id, str) else None,
        )
    failure.__cause__ = error
    return failure


def _info(status: str | bytes | None) -> ErrorInfo | None:
    if not isinstance(status, bytes):
        return None
    details = Status.from_binary(status).details
    infos = (info for detail in details if (info := detail.unpack(ErrorInfo)) is not None)
    return next((info for info in infos if info.domain == DOMAIN), None)
