"""The messages and enums of the contract `cairn.v1`, with `Timestamp`, `Duration`, `Struct` and `FieldMask`, of which some fields are."""

from ._gen import exports
from ._gen.exports import *

__all__ = exports.__all__
