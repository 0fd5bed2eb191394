import datetime

from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Visibility(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VISIBILITY_UNSPECIFIED: _ClassVar[Visibility]
    VISIBILITY_PRIVATE: _ClassVar[Visibility]
    VISIBILITY_SHARED: _ClassVar[Visibility]

class EmbeddingStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EMBEDDING_STATUS_UNSPECIFIED: _ClassVar[EmbeddingStatus]
    EMBEDDING_STATUS_ATTACHED: _ClassVar[EmbeddingStatus]
    EMBEDDING_STATUS_PENDING: _ClassVar[EmbeddingStatus]
    EMBEDDING_STATUS_FAILED: _ClassVar[EmbeddingStatus]
    EMBEDDING_STATUS_DISABLED: _ClassVar[EmbeddingStatus]

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_CREATED: _ClassVar[Outcome]
    OUTCOME_UPDATED: _ClassVar[Outcome]
    OUTCOME_UNCHANGED: _ClassVar[Outcome]
    OUTCOME_REVIVED: _ClassVar[Outcome]
    OUTCOME_MERGED: _ClassVar[Outcome]
    OUTCOME_REJECTED: _ClassVar[Outcome]

class Change(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_UNSPECIFIED: _ClassVar[Change]
    CHANGE_CREATED: _ClassVar[Change]
    CHANGE_UPDATED: _ClassVar[Change]
    CHANGE_REVIVED: _ClassVar[Change]
    CHANGE_DELETED: _ClassVar[Change]
    CHANGE_RESTORED: _ClassVar[Change]
    CHANGE_REVERTED: _ClassVar[Change]
    CHANGE_PURGED: _ClassVar[Change]
VISIBILITY_UNSPECIFIED: Visibility
VISIBILITY_PRIVATE: Visibility
VISIBILITY_SHARED: Visibility
EMBEDDING_STATUS_UNSPECIFIED: EmbeddingStatus
EMBEDDING_STATUS_ATTACHED: EmbeddingStatus
EMBEDDING_STATUS_PENDING: EmbeddingStatus
EMBEDDING_STATUS_FAILED: EmbeddingStatus
EMBEDDING_STATUS_DISABLED: EmbeddingStatus
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_CREATED: Outcome
OUTCOME_UPDATED: Outcome
OUTCOME_UNCHANGED: Outcome
OUTCOME_REVIVED: Outcome
OUTCOME_MERGED: Outcome
OUTCOME_REJECTED: Outcome
CHANGE_UNSPECIFIED: Change
CHANGE_CREATED: Change
CHANGE_UPDATED: Change
CHANGE_REVIVED: Change
CHANGE_DELETED: Change
CHANGE_RESTORED: Change
CHANGE_REVERTED: Change
CHANGE_PURGED: Change

class LinkedEntity(_message.Message):
    __slots__ = ("type", "id")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    type: str
    id: str
    def __init__(self, type: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...

class GuardVerdict(_message.Message):
    __slots__ = ("status", "reason", "confidence")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    status: str
    reason: str
    confidence: float
    def __init__(self, status: _Optional[str] = ..., reason: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class MemoryInput(_message.Message):
    __slots__ = ("volume_id", "agent_id", "subject_type", "subject_id", "kind", "key", "title", "content", "visibility", "metadata", "tags", "linked_entities", "confidence", "source_kind", "source_id", "source_context", "provenance", "parent_memory_id", "expire_time", "expire_reason", "shape_id")
    VOLUME_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    LINKED_ENTITIES_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_CONTEXT_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    PARENT_MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_REASON_FIELD_NUMBER: _ClassVar[int]
    SHAPE_ID_FIELD_NUMBER: _ClassVar[int]
    volume_id: str
    agent_id: str
    subject_type: str
    subject_id: str
    kind: str
    key: str
    title: str
    content: str
    visibility: Visibility
    metadata: _struct_pb2.Struct
    tags: _containers.RepeatedScalarFieldContainer[str]
    linked_entities: _containers.RepeatedCompositeFieldContainer[LinkedEntity]
    confidence: float
    source_kind: str
    source_id: str
    source_context: str
    provenance: str
    parent_memory_id: str
    expire_time: _timestamp_pb2.Timestamp
    expire_reason: str
    shape_id: str
    def __init__(self, volume_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., subject_type: _Optional[str] = ..., subject_id: _Optional[str] = ..., kind: _Optional[str] = ..., key: _Optional[str] = ..., title: _Optional[str] = ..., content: _Optional[str] = ..., visibility: _Optional[_Union[Visibility, str]] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., tags: _Optional[_Iterable[str]] = ..., linked_entities: _Optional[_Iterable[_Union[LinkedEntity, _Mapping]]] = ..., confidence: _Optional[float] = ..., source_kind: _Optional[str] = ..., source_id: _Optional[str] = ..., source_context: _Optional[str] = ..., provenance: _Optional[str] = ..., parent_memory_id: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_reason: _Optional[str] = ..., shape_id: _Optional[str] = ...) -> None: ...

class Memory(_message.Message):
    __slots__ = ("id", "workspace_id", "volume_id", "agent_id", "subject_type", "subject_id", "kind", "key", "title", "content", "visibility", "metadata", "tags", "linked_entities", "confidence", "source_kind", "source_id", "source_context", "provenance", "parent_memory_id", "expire_time", "expire_reason", "shape_id", "embedding_status", "guard", "revision", "create_time", "update_time", "delete_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    VOLUME_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    LINKED_ENTITIES_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_CONTEXT_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    PARENT_MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_REASON_FIELD_NUMBER: _ClassVar[int]
    SHAPE_ID_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_STATUS_FIELD_NUMBER: _ClassVar[int]
    GUARD_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    workspace_id: str
    volume_id: str
    agent_id: str
    subject_type: str
    subject_id: str
    kind: str
    key: str
    title: str
    content: str
    visibility: Visibility
    metadata: _struct_pb2.Struct
    tags: _containers.RepeatedScalarFieldContainer[str]
    linked_entities: _containers.RepeatedCompositeFieldContainer[LinkedEntity]
    confidence: float
    source_kind: str
    source_id: str
    source_context: str
    provenance: str
    parent_memory_id: str
    expire_time: _timestamp_pb2.Timestamp
    expire_reason: str
    shape_id: str
    embedding_status: EmbeddingStatus
    guard: GuardVerdict
    revision: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., workspace_id: _Optional[str] = ..., volume_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., subject_type: _Optional[str] = ..., subject_id: _Optional[str] = ..., kind: _Optional[str] = ..., key: _Optional[str] = ..., title: _Optional[str] = ..., content: _Optional[str] = ..., visibility: _Optional[_Union[Visibility, str]] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., tags: _Optional[_Iterable[str]] = ..., linked_entities: _Optional[_Iterable[_Union[LinkedEntity, _Mapping]]] = ..., confidence: _Optional[float] = ..., source_kind: _Optional[str] = ..., source_id: _Optional[str] = ..., source_context: _Optional[str] = ..., provenance: _Optional[str] = ..., parent_memory_id: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_reason: _Optional[str] = ..., shape_id: _Optional[str] = ..., embedding_status: _Optional[_Union[EmbeddingStatus, str]] = ..., guard: _Optional[_Union[GuardVerdict, _Mapping]] = ..., revision: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Revision(_message.Message):
    __slots__ = ("memory_id", "revision", "change", "memory", "key_id", "agent_id", "delta_id", "request_id", "api", "create_time")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    DELTA_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    API_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    revision: int
    change: Change
    memory: Memory
    key_id: str
    agent_id: str
    delta_id: str
    request_id: str
    api: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, memory_id: _Optional[str] = ..., revision: _Optional[int] = ..., change: _Optional[_Union[Change, str]] = ..., memory: _Optional[_Union[Memory, _Mapping]] = ..., key_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., delta_id: _Optional[str] = ..., request_id: _Optional[str] = ..., api: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MemoryFilter(_message.Message):
    __slots__ = ("subject_type", "subject_id", "kinds", "key", "tags_any", "tags_all", "tags_none", "linked_entity", "agent_id", "volume_id", "visibility", "metadata", "created_after", "created_before", "updated_after", "updated_before", "source_kind", "source_id")
    SUBJECT_TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    TAGS_ANY_FIELD_NUMBER: _ClassVar[int]
    TAGS_ALL_FIELD_NUMBER: _ClassVar[int]
    TAGS_NONE_FIELD_NUMBER: _ClassVar[int]
    LINKED_ENTITY_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    VOLUME_ID_FIELD_NUMBER: _ClassVar[int]
    VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CREATED_AFTER_FIELD_NUMBER: _ClassVar[int]
    CREATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AFTER_FIELD_NUMBER: _ClassVar[int]
    UPDATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    subject_type: str
    subject_id: str
    kinds: _containers.RepeatedScalarFieldContainer[str]
    key: str
    tags_any: _containers.RepeatedScalarFieldContainer[str]
    tags_all: _containers.RepeatedScalarFieldContainer[str]
    tags_none: _containers.RepeatedScalarFieldContainer[str]
    linked_entity: LinkedEntity
    agent_id: str
    volume_id: str
    visibility: Visibility
    metadata: _struct_pb2.Struct
    created_after: _timestamp_pb2.Timestamp
    created_before: _timestamp_pb2.Timestamp
    updated_after: _timestamp_pb2.Timestamp
    updated_before: _timestamp_pb2.Timestamp
    source_kind: str
    source_id: str
    def __init__(self, subject_type: _Optional[str] = ..., subject_id: _Optional[str] = ..., kinds: _Optional[_Iterable[str]] = ..., key: _Optional[str] = ..., tags_any: _Optional[_Iterable[str]] = ..., tags_all: _Optional[_Iterable[str]] = ..., tags_none: _Optional[_Iterable[str]] = ..., linked_entity: _Optional[_Union[LinkedEntity, _Mapping]] = ..., agent_id: _Optional[str] = ..., volume_id: _Optional[str] = ..., visibility: _Optional[_Union[Visibility, str]] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., created_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., created_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source_kind: _Optional[str] = ..., source_id: _Optional[str] = ...) -> None: ...
