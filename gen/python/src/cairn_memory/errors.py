"""The one kind of error that a call ends with, a subclass for each status code."""

from collections.abc import Mapping

from connectrpc.code import Code

__all__ = [
    "Aborted",
    "AlreadyExists",
    "CairnError",
    "Canceled",
    "Code",
    "DeadlineExceeded",
    "FailedPrecondition",
    "Internal",
    "InvalidArgument",
    "NotFound",
    "PermissionDenied",
    "ResourceExhausted",
    "Unauthenticated",
    "Unavailable",
    "error_of",
]


DOMAIN = "cairn.v1"
"""Of an ErrorInfo whose reason is the contract's; a proxy may have reasons of its own, by the same names."""


class CairnError(Exception):
    """A call failed. Catch this for any failure, or a subclass for one status code."""

    code: Code
    """gRPC's status code, such as `Code.NOT_FOUND`."""
    reason: str
    """Why, such as `MEMORY_NOT_FOUND`; the contract's ErrorReason lists them. Empty: the error is not Cairn's own, as where no
    server was reached."""
    metadata: Mapping[str, str]
    """What varies in the message, by name, such as `field` or `revision`."""
    message: str
    """For a person to read."""
    call_id: str | None
    """Names the call in the server's log (`x-request-id`). None: no server answered."""
    _is_final = False
    """Whether the same call would fail the same way again, whatever the code."""

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        call_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.call_id = call_id

    def __reduce__(self) -> tuple[object, ...]:
        """Lets the error be copied, and handed to another process."""
        return _remake, (type(self), self.code, self.message, self.reason, self.metadata, self.call_id)

    def __str__(self) -> str:
        """The status code, the reason where there is one, and the message."""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.code.name}{reason}: {self.message}"


def _remake(
    kind: type[CairnError], code: Code, message: str, reason: str, metadata: Mapping[str, str], call_id: str | None
) -> CairnError:
    return kind(code, message, reason=reason, metadata=metadata, call_id=call_id)


class Canceled(CairnError):
    """The caller gave the call up."""


class InvalidArgument(CairnError):
    """A field breaks a limit or rule; `metadata["field"]` names it."""


class DeadlineExceeded(CairnError, TimeoutError):
    """The call's time was up."""


class NotFound(CairnError):
    """There is no such thing, or none that the caller may see."""


class AlreadyExists(CairnError):
    """There is such a thing already."""


class PermissionDenied(CairnError):
    """The key may not do this."""


class ResourceExhausted(CairnError):
    """The message is too large, or the server has too much to do."""


class FailedPrecondition(CairnError):
    """The state of the thing forbids the call."""


class Aborted(CairnError):
    """Somebody else was faster, such as where `expected_revision` is not the memory's."""


class Internal(CairnError):
    """The server's own fault; its log tells more of `call_id`."""


class Unavailable(CairnError):
    """The server cannot be reached, or not do this now."""


class Unauthenticated(CairnError):
    """The key is missing, unknown, revoked or expired."""


_CLASSES: Mapping[Code, type[CairnError]] = {
    Code.CANCELED: Canceled,
    Code.INVALID_ARGUMENT: InvalidArgument,
    Code.DEADLINE_EXCEEDED: DeadlineExceeded,
    Code.NOT_FOUND: NotFound,
    Code.ALREADY_EXISTS: AlreadyExists,
    Code.PERMISSION_DENIED: PermissionDenied,
    Code.RESOURCE_EXHAUSTED: ResourceExhausted,
    Code.FAILED_PRECONDITION: FailedPrecondition,
    Code.ABORTED: Aborted,
    Code.INTERNAL: Internal,
    Code.UNAVAILABLE: Unavailable,
    Code.UNAUTHENTICATED: Unauthenticated,
}


def untrusted(why: str) -> CairnError:
    """The server showed a certificate that this client does not accept, and will show it again."""
    advice = "check the address and the certificate, or name its authority with `ca`"
    error = Unavailable(Code.UNAVAILABLE, f"the server's certificate is not trusted: {why}; {advice}")
    error._is_final = True
    return error


def error_of(
    code: Code,
    message: str,
    *,
    reason: str = "",
    metadata: Mapping[str, str] | None = None,
    call_id: str | None = None,
) -> CairnError:
    """The error of a status code, of its own class where it has one."""
    kind = _CLASSES.get(code, CairnError)
    return kind(code, message, reason=reason, metadata=metadata, call_id=call_id)
