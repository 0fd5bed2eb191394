from . import embedding_pb2 as _embedding_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListEmbeddingGenerationsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListEmbeddingGenerationsResponse(_message.Message):
    __slots__ = ("generations",)
    GENERATIONS_FIELD_NUMBER: _ClassVar[int]
    generations: _containers.RepeatedCompositeFieldContainer[_embedding_pb2.EmbeddingGeneration]
    def __init__(self, generations: _Optional[_Iterable[_Union[_embedding_pb2.EmbeddingGeneration, _Mapping]]] = ...) -> None: ...

class BuildEmbeddingGenerationRequest(_message.Message):
    __slots__ = ("generation",)
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    generation: int
    def __init__(self, generation: _Optional[int] = ...) -> None: ...

class BuildEmbeddingGenerationResponse(_message.Message):
    __slots__ = ("generation",)
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    generation: _embedding_pb2.EmbeddingGeneration
    def __init__(self, generation: _Optional[_Union[_embedding_pb2.EmbeddingGeneration, _Mapping]] = ...) -> None: ...

class ActivateEmbeddingGenerationRequest(_message.Message):
    __slots__ = ("generation", "force")
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    generation: int
    force: bool
    def __init__(self, generation: _Optional[int] = ..., force: bool = ...) -> None: ...

class ActivateEmbeddingGenerationResponse(_message.Message):
    __slots__ = ("generation",)
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    generation: _embedding_pb2.EmbeddingGeneration
    def __init__(self, generation: _Optional[_Union[_embedding_pb2.EmbeddingGeneration, _Mapping]] = ...) -> None: ...

class DropEmbeddingGenerationRequest(_message.Message):
    __slots__ = ("generation",)
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    generation: int
    def __init__(self, generation: _Optional[int] = ...) -> None: ...

class DropEmbeddingGenerationResponse(_message.Message):
    __slots__ = ("generation",)
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    generation: _embedding_pb2.EmbeddingGeneration
    def __init__(self, generation: _Optional[_Union[_embedding_pb2.EmbeddingGeneration, _Mapping]] = ...) -> None: ...
