"""The messages and enums of the contract `cairn.v1`, as google.protobuf's."""

from ._gen import exports
from ._gen.exports import *

__all__ = exports.__all__
