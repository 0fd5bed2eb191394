"""What a client has to know: from arguments, else from the environment."""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_URL = "http://127.0.0.1:8080"
DEFAULT_TIMEOUT_MS = 30_000
DEFAULT_ATTEMPTS = 4
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A client's settings, checked."""

    url: str
    """Scheme, host, port and path, without a slash at the end."""
    # Not shown, as the key is among them.
    headers: Mapping[str, str] = field(repr=False)
    """Sent with every call, in lower case; a call's own take their place."""
    timeout_ms: int | None
    """How long a unary call may take, its repetitions included. None: as long as the server lets it."""
    max_attempts: int
    """How often a call that is safe to repeat is made at most."""
    ca: bytes | None
    """The certificates, in PEM, that a server's must descend from. None: the system's."""

    @property
    def secure(self) -> bool:
        """Whether the connection is encrypted."""
        return self.url.startswith("https:")


def read_settings(
    *,
    url: str | None,
    api_key: str | None,
    agent: str | None,
    timeout_ms: int | None,
    max_attempts: int,
    ca: str | os.PathLike[str] | bytes | None,
    headers: Mapping[str, str] | None,
) -> Settings:
    """Completes the arguments from `CAIRN_URL` and `CAIRN_API_KEY`.

    Raises ValueError that names the argument or variable which is wrong, and OSError where `ca` cannot be read.
    """
    key = os.environ.get("CAIRN_API_KEY", "") if api_key is None else api_key
    sent = checked_headers("headers", headers or {})
    if key:
        sent["authorization"] = f"Bearer {_word('CAIRN_API_KEY' if api_key is None else 'api_key', key)}"
    if agent:
        sent["cairn-agent"] = _word("agent", agent)
    if timeout_ms is not None and not timeout_ms > 0:
        raise ValueError(f"timeout_ms is {timeout_ms}; it is a number above 0, or None")
    if max_attempts < 0:
        raise ValueError(f"max_attempts is {max_attempts}; 0 and 1 switch repetition off")
    address = os.environ.get("CAIRN_URL") or DEFAULT_URL if url is None else url
    name = "url" if url is not None else "CAIRN_URL"
    return Settings(
        url=_address(name, address),
        headers=sent,
        timeout_ms=timeout_ms,
        max_attempts=max(1, max_attempts),
        ca=None if ca is None else _certificates(ca),
    )


def checked_headers(name: str, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers in lower case. Raises ValueError, which shows no value, where HTTP cannot carry one."""
    for one, value in headers.items():
        if not _HEADER.fullmatch(one):
            raise ValueError(f"{name} has {one!r}, which is no name of a header")
        if not value.isascii() or not value.isprintable():
            raise ValueError(f"{name} has a value of {one} with a character that no header may carry")
    return {one.lower(): value for one, value in headers.items()}


def _address(name: str, url: str) -> str:
    # Before an @ there may be a password.
    shown = "wrong" if "@" in url else repr(url)
    wrong = f"{name} is {shown}; an address is like https://cairn.example.com or {DEFAULT_URL}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(wrong if "@" in url else f"{wrong}: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or re.search(r"\s", url):
        raise ValueError(wrong)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(f"{wrong}, without user, query and fragment")
    return url.rstrip("/")


def _word(name: str, value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{name} has a character that no header may carry")
    return value


def _certificates(ca: str | os.PathLike[str] | bytes) -> bytes:
    pem = ca if isinstance(ca, bytes) else Path(ca).read_bytes()
    try:
        ssl.create_default_context(cadata=pem.decode("ascii"))
    except (ssl.SSLError, UnicodeDecodeError, ValueError) as error:
        raise ValueError(f"ca holds no certificate in PEM: {error}") from None
    return pem
