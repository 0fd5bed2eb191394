import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EmbeddingGenerationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EMBEDDING_GENERATION_STATE_UNSPECIFIED: _ClassVar[EmbeddingGenerationState]
    EMBEDDING_GENERATION_STATE_BUILDING: _ClassVar[EmbeddingGenerationState]
    EMBEDDING_GENERATION_STATE_ACTIVE: _ClassVar[EmbeddingGenerationState]
    EMBEDDING_GENERATION_STATE_RETIRED: _ClassVar[EmbeddingGenerationState]
    EMBEDDING_GENERATION_STATE_DROPPING: _ClassVar[EmbeddingGenerationState]
EMBEDDING_GENERATION_STATE_UNSPECIFIED: EmbeddingGenerationState
EMBEDDING_GENERATION_STATE_BUILDING: EmbeddingGenerationState
EMBEDDING_GENERATION_STATE_ACTIVE: EmbeddingGenerationState
EMBEDDING_GENERATION_STATE_RETIRED: EmbeddingGenerationState
EMBEDDING_GENERATION_STATE_DROPPING: EmbeddingGenerationState

class EmbeddingGeneration(_message.Message):
    __slots__ = ("generation", "model", "dimensions", "state", "memory_count", "attached_count", "missing_count", "failed_count", "disabled_count", "available", "configured", "create_time", "activate_time", "retire_time", "indexed_count", "to_index_count")
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MEMORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    ATTACHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DISABLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    CONFIGURED_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTIVATE_TIME_FIELD_NUMBER: _ClassVar[int]
    RETIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    INDEXED_COUNT_FIELD_NUMBER: _ClassVar[int]
    TO_INDEX_COUNT_FIELD_NUMBER: _ClassVar[int]
    generation: int
    model: str
    dimensions: int
    state: EmbeddingGenerationState
    memory_count: int
    attached_count: int
    missing_count: int
    failed_count: int
    disabled_count: int
    available: bool
    configured: bool
    create_time: _timestamp_pb2.Timestamp
    activate_time: _timestamp_pb2.Timestamp
    retire_time: _timestamp_pb2.Timestamp
    indexed_count: int
    to_index_count: int
    def __init__(self, generation: _Optional[int] = ..., model: _Optional[str] = ..., dimensions: _Optional[int] = ..., state: _Optional[_Union[EmbeddingGenerationState, str]] = ..., memory_count: _Optional[int] = ..., attached_count: _Optional[int] = ..., missing_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., disabled_count: _Optional[int] = ..., available: bool = ..., configured: bool = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., activate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., retire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., indexed_count: _Optional[int] = ..., to_index_count: _Optional[int] = ...) -> None: ...
