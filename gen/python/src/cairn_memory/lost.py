"""Which failures of connectrpc mean that a call was lost under way, by whatever code it calls them."""

from connectrpc.errors import ConnectError
from pyqwest import StreamError

from .errors import Code

# An answer that ends before its status. So ends one, for all that pyqwest tells, whose stream is reset without an error.
_CUT_OFF = (
    "missing grpc-status trailer",
    "protocol error: unexpected EOF",
    "protocol error: incomplete envelope",
    "protocol error: promised ",
)
_UNTRUSTED = "invalid peer certificate: "


def certificate_fault(error: ConnectError) -> str | None:
    """What was wrong with the server's certificate; None: nothing. pyqwest has but words for it."""
    cause = error.__cause__ or error.__context__
    _, found, why = str(cause).partition(_UNTRUSTED)
    return why if found and isinstance(cause, ConnectionError) else None


def is_lost(error: ConnectError) -> bool:
    """Whether the connection, or over HTTP/2 the stream, ended before the server had said how the call went."""
    # Where the answer had begun, connectrpc raises its error beside the one that caused it, not from it.
    cause = error.__cause__ or error.__context__
    # One that could not be made in time is a TimeoutError as well, though the call has time left.
    if isinstance(cause, ConnectionError):
        return True
    if isinstance(cause, StreamError):
        return error.code in (Code.CANCELED, Code.INTERNAL)
    return error.code is Code.INTERNAL and error.message.startswith(_CUT_OFF)
