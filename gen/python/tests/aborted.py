"""What a server answers to a call that it aborts, and to one that it carries out, in the words of each protocol."""

import base64
import json

from protobuf.wkt.google.protobuf.any_pb import Any

from cairn_memory._gen.google.rpc.error_details_pb import ErrorInfo
from cairn_memory._gen.google.rpc.status_pb import Status

_TYPE = "google.rpc.ErrorInfo"


def trailers_of(reason: str, domain: str) -> dict[str, str]:
    """The end of a call that is aborted, over gRPC and gRPC-Web."""
    info = ErrorInfo(reason=reason, domain=domain).to_binary()
    detail = Any(type_url=f"type.googleapis.com/{_TYPE}", value=info)
    status = Status(code=10, details=[detail]).to_binary()
    return {"grpc-status": "10", "grpc-status-details-bin": _base64(status)}


def abortion(content_type: str, reason: str, domain: str) -> bytes:
    """An answer over HTTP/1.1 that fails."""
    if "grpc-web" in content_type:
        return _http("200 OK", content_type, _trailers(trailers_of(reason, domain)))
    info = ErrorInfo(reason=reason, domain=domain).to_binary()
    error = {"code": "aborted", "message": "not now", "details": [{"type": _TYPE, "value": _base64(info)}]}
    return _http("409 Conflict", "application/json", json.dumps(error).encode())


def success(content_type: str) -> bytes:
    """An answer over HTTP/1.1 with an empty message."""
    if "grpc-web" in content_type:
        return _http("200 OK", content_type, bytes(5) + _trailers({"grpc-status": "0"}))
    return _http("200 OK", content_type, b"{}" if "json" in content_type else b"")


def _http(status: str, content_type: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _trailers(fields: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    return b"\x80" + len(lines).to_bytes(4, "big") + lines


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")
