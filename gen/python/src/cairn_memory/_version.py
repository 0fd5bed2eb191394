"""The package's version; the same as in pyproject.toml."""

import platform

__version__ = "0.1.0"


def user_agent(runtime: str) -> str:
    """What the client calls itself; `runtime` says on what it is built, such as `connectrpc/0.13.0`."""
    return f"cairn-python/{__version__} {runtime} python/{platform.python_version()}"
