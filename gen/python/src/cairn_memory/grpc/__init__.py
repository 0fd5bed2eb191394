"""Cairn on grpcio and google.protobuf, for programs that use these already: `pip install cairn-memory[grpc]`. Messages are in `cairn_memory.grpc.v1`."""

from .channel import MessageStream
from .client import Client, Search
from .errors import error_from

__all__ = ["Client", "MessageStream", "Search", "error_from"]
