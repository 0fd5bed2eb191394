import datetime

from . import memory_pb2 as _memory_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WriteMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WRITE_MODE_UNSPECIFIED: _ClassVar[WriteMode]
    WRITE_MODE_UPSERT: _ClassVar[WriteMode]
    WRITE_MODE_CREATE_ONLY: _ClassVar[WriteMode]
    WRITE_MODE_UPDATE_ONLY: _ClassVar[WriteMode]

class SearchMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEARCH_MODE_UNSPECIFIED: _ClassVar[SearchMode]
    SEARCH_MODE_HYBRID: _ClassVar[SearchMode]
    SEARCH_MODE_SEMANTIC: _ClassVar[SearchMode]
    SEARCH_MODE_LEXICAL: _ClassVar[SearchMode]

class ContextOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTEXT_ORDER_UNSPECIFIED: _ClassVar[ContextOrder]
    CONTEXT_ORDER_SOURCE: _ClassVar[ContextOrder]
    CONTEXT_ORDER_TIME: _ClassVar[ContextOrder]
    CONTEXT_ORDER_RELEVANCE: _ClassVar[ContextOrder]

class ContextReference(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTEXT_REFERENCE_UNSPECIFIED: _ClassVar[ContextReference]
    CONTEXT_REFERENCE_ID: _ClassVar[ContextReference]
    CONTEXT_REFERENCE_NUMBER: _ClassVar[ContextReference]

class ContextTokenizer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTEXT_TOKENIZER_UNSPECIFIED: _ClassVar[ContextTokenizer]
    CONTEXT_TOKENIZER_O200K_BASE: _ClassVar[ContextTokenizer]
    CONTEXT_TOKENIZER_ESTIMATE: _ClassVar[ContextTokenizer]
WRITE_MODE_UNSPECIFIED: WriteMode
WRITE_MODE_UPSERT: WriteMode
WRITE_MODE_CREATE_ONLY: WriteMode
WRITE_MODE_UPDATE_ONLY: WriteMode
SEARCH_MODE_UNSPECIFIED: SearchMode
SEARCH_MODE_HYBRID: SearchMode
SEARCH_MODE_SEMANTIC: SearchMode
SEARCH_MODE_LEXICAL: SearchMode
CONTEXT_ORDER_UNSPECIFIED: ContextOrder
CONTEXT_ORDER_SOURCE: ContextOrder
CONTEXT_ORDER_TIME: ContextOrder
CONTEXT_ORDER_RELEVANCE: ContextOrder
CONTEXT_REFERENCE_UNSPECIFIED: ContextReference
CONTEXT_REFERENCE_ID: ContextReference
CONTEXT_REFERENCE_NUMBER: ContextReference
CONTEXT_TOKENIZER_UNSPECIFIED: ContextTokenizer
CONTEXT_TOKENIZER_O200K_BASE: ContextTokenizer
CONTEXT_TOKENIZER_ESTIMATE: ContextTokenizer

class WriteMemoryRequest(_message.Message):
    __slots__ = ("memory", "mode", "expected_revision", "request_id")
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.MemoryInput
    mode: WriteMode
    expected_revision: int
    request_id: str
    def __init__(self, memory: _Optional[_Union[_memory_pb2.MemoryInput, _Mapping]] = ..., mode: _Optional[_Union[WriteMode, str]] = ..., expected_revision: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class WriteMemoryResponse(_message.Message):
    __slots__ = ("memory", "outcome", "delta_id")
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    DELTA_ID_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    outcome: _memory_pb2.Outcome
    delta_id: str
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ..., outcome: _Optional[_Union[_memory_pb2.Outcome, str]] = ..., delta_id: _Optional[str] = ...) -> None: ...

class BatchWriteMemoriesRequest(_message.Message):
    __slots__ = ("writes", "atomic", "request_id")
    WRITES_FIELD_NUMBER: _ClassVar[int]
    ATOMIC_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    writes: _containers.RepeatedCompositeFieldContainer[WriteMemoryRequest]
    atomic: bool
    request_id: str
    def __init__(self, writes: _Optional[_Iterable[_Union[WriteMemoryRequest, _Mapping]]] = ..., atomic: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchWriteMemoriesResponse(_message.Message):
    __slots__ = ("results", "delta_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    DELTA_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchWriteResult]
    delta_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[BatchWriteResult, _Mapping]]] = ..., delta_id: _Optional[str] = ...) -> None: ...

class BatchWriteResult(_message.Message):
    __slots__ = ("memory_id", "outcome", "revision", "error")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    outcome: _memory_pb2.Outcome
    revision: int
    error: ItemError
    def __init__(self, memory_id: _Optional[str] = ..., outcome: _Optional[_Union[_memory_pb2.Outcome, str]] = ..., revision: _Optional[int] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class ItemError(_message.Message):
    __slots__ = ("code", "reason", "message", "field")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    code: int
    reason: str
    message: str
    field: str
    def __init__(self, code: _Optional[int] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., field: _Optional[str] = ...) -> None: ...

class GetMemoryRequest(_message.Message):
    __slots__ = ("memory_id", "show_deleted", "show_expired")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    SHOW_EXPIRED_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    show_deleted: bool
    show_expired: bool
    def __init__(self, memory_id: _Optional[str] = ..., show_deleted: bool = ..., show_expired: bool = ...) -> None: ...

class GetMemoryResponse(_message.Message):
    __slots__ = ("memory",)
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ...) -> None: ...

class ListMemoriesRequest(_message.Message):
    __slots__ = ("filter", "page_size", "page_token", "after_memory_id", "show_deleted", "show_expired")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AFTER_MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    SHOW_EXPIRED_FIELD_NUMBER: _ClassVar[int]
    filter: _memory_pb2.MemoryFilter
    page_size: int
    page_token: str
    after_memory_id: str
    show_deleted: bool
    show_expired: bool
    def __init__(self, filter: _Optional[_Union[_memory_pb2.MemoryFilter, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., after_memory_id: _Optional[str] = ..., show_deleted: bool = ..., show_expired: bool = ...) -> None: ...

class ListMemoriesResponse(_message.Message):
    __slots__ = ("memories", "next_page_token")
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    memories: _containers.RepeatedCompositeFieldContainer[_memory_pb2.Memory]
    next_page_token: str
    def __init__(self, memories: _Optional[_Iterable[_Union[_memory_pb2.Memory, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateMemoryRequest(_message.Message):
    __slots__ = ("memory_id", "memory", "update_mask", "expected_revision", "request_id")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    memory: _memory_pb2.MemoryInput
    update_mask: _field_mask_pb2.FieldMask
    expected_revision: int
    request_id: str
    def __init__(self, memory_id: _Optional[str] = ..., memory: _Optional[_Union[_memory_pb2.MemoryInput, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., expected_revision: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpdateMemoryResponse(_message.Message):
    __slots__ = ("memory", "outcome")
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    outcome: _memory_pb2.Outcome
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ..., outcome: _Optional[_Union[_memory_pb2.Outcome, str]] = ...) -> None: ...

class DeleteMemoryRequest(_message.Message):
    __slots__ = ("memory_id", "expected_revision", "request_id")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    expected_revision: int
    request_id: str
    def __init__(self, memory_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteMemoryResponse(_message.Message):
    __slots__ = ("memory",)
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ...) -> None: ...

class RestoreMemoryRequest(_message.Message):
    __slots__ = ("memory_id", "expected_revision", "request_id")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    expected_revision: int
    request_id: str
    def __init__(self, memory_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class RestoreMemoryResponse(_message.Message):
    __slots__ = ("memory",)
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    memory: _memory_pb2.Memory
    def __init__(self, memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ...) -> None: ...

class PurgeMemoryRequest(_message.Message):
    __slots__ = ("memory_id", "expected_revision")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    expected_revision: int
    def __init__(self, memory_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class PurgeMemoryResponse(_message.Message):
    __slots__ = ("memory_id",)
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    def __init__(self, memory_id: _Optional[str] = ...) -> None: ...

class ListRevisionsRequest(_message.Message):
    __slots__ = ("memory_id", "page_size", "page_token")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    page_size: int
    page_token: str
    def __init__(self, memory_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRevisionsResponse(_message.Message):
    __slots__ = ("revisions", "next_page_token")
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    revisions: _containers.RepeatedCompositeFieldContainer[_memory_pb2.Revision]
    next_page_token: str
    def __init__(self, revisions: _Optional[_Iterable[_Union[_memory_pb2.Revision, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SearchRequest(_message.Message):
    __slots__ = ("query", "mode", "filter", "limit", "min_score", "min_similarity", "lexical_passes_similarity", "rerank", "ranking", "collapse_duplicates", "diversity")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    MIN_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    LEXICAL_PASSES_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    RERANK_FIELD_NUMBER: _ClassVar[int]
    RANKING_FIELD_NUMBER: _ClassVar[int]
    COLLAPSE_DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    query: str
    mode: SearchMode
    filter: _memory_pb2.MemoryFilter
    limit: int
    min_score: float
    min_similarity: float
    lexical_passes_similarity: bool
    rerank: bool
    ranking: SearchRanking
    collapse_duplicates: bool
    diversity: float
    def __init__(self, query: _Optional[str] = ..., mode: _Optional[_Union[SearchMode, str]] = ..., filter: _Optional[_Union[_memory_pb2.MemoryFilter, _Mapping]] = ..., limit: _Optional[int] = ..., min_score: _Optional[float] = ..., min_similarity: _Optional[float] = ..., lexical_passes_similarity: bool = ..., rerank: bool = ..., ranking: _Optional[_Union[SearchRanking, _Mapping]] = ..., collapse_duplicates: bool = ..., diversity: _Optional[float] = ...) -> None: ...

class SearchRanking(_message.Message):
    __slots__ = ("previous_weight", "participant_weight", "question_penalty", "recency_weight", "recency_half_life", "confidence_weight", "source_weight")
    PREVIOUS_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    QUESTION_PENALTY_FIELD_NUMBER: _ClassVar[int]
    RECENCY_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    RECENCY_HALF_LIFE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    previous_weight: float
    participant_weight: float
    question_penalty: float
    recency_weight: float
    recency_half_life: _duration_pb2.Duration
    confidence_weight: float
    source_weight: float
    def __init__(self, previous_weight: _Optional[float] = ..., participant_weight: _Optional[float] = ..., question_penalty: _Optional[float] = ..., recency_weight: _Optional[float] = ..., recency_half_life: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., confidence_weight: _Optional[float] = ..., source_weight: _Optional[float] = ...) -> None: ...

class SearchResponse(_message.Message):
    __slots__ = ("result", "summary")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    result: SearchResult
    summary: SearchSummary
    def __init__(self, result: _Optional[_Union[SearchResult, _Mapping]] = ..., summary: _Optional[_Union[SearchSummary, _Mapping]] = ...) -> None: ...

class SearchResult(_message.Message):
    __slots__ = ("rank", "score", "signals", "memory", "duplicate_memory_ids")
    RANK_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_MEMORY_IDS_FIELD_NUMBER: _ClassVar[int]
    rank: int
    score: float
    signals: SearchSignals
    memory: _memory_pb2.Memory
    duplicate_memory_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, rank: _Optional[int] = ..., score: _Optional[float] = ..., signals: _Optional[_Union[SearchSignals, _Mapping]] = ..., memory: _Optional[_Union[_memory_pb2.Memory, _Mapping]] = ..., duplicate_memory_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SearchSignals(_message.Message):
    __slots__ = ("lexical", "cosine", "late_interaction", "exact", "previous", "participant", "question", "recency", "confidence", "source")
    LEXICAL_FIELD_NUMBER: _ClassVar[int]
    COSINE_FIELD_NUMBER: _ClassVar[int]
    LATE_INTERACTION_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    RECENCY_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    lexical: float
    cosine: float
    late_interaction: float
    exact: float
    previous: float
    participant: float
    question: float
    recency: float
    confidence: float
    source: float
    def __init__(self, lexical: _Optional[float] = ..., cosine: _Optional[float] = ..., late_interaction: _Optional[float] = ..., exact: _Optional[float] = ..., previous: _Optional[float] = ..., participant: _Optional[float] = ..., question: _Optional[float] = ..., recency: _Optional[float] = ..., confidence: _Optional[float] = ..., source: _Optional[float] = ...) -> None: ...

class SearchSummary(_message.Message):
    __slots__ = ("count", "truncated", "degraded", "skipped", "generation", "embed_duration", "candidates_duration", "rank_duration", "fetch_duration", "read_time", "wait_duration")
    COUNT_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    EMBED_DURATION_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_DURATION_FIELD_NUMBER: _ClassVar[int]
    RANK_DURATION_FIELD_NUMBER: _ClassVar[int]
    FETCH_DURATION_FIELD_NUMBER: _ClassVar[int]
    READ_TIME_FIELD_NUMBER: _ClassVar[int]
    WAIT_DURATION_FIELD_NUMBER: _ClassVar[int]
    count: int
    truncated: bool
    degraded: bool
    skipped: int
    generation: str
    embed_duration: _duration_pb2.Duration
    candidates_duration: _duration_pb2.Duration
    rank_duration: _duration_pb2.Duration
    fetch_duration: _duration_pb2.Duration
    read_time: _timestamp_pb2.Timestamp
    wait_duration: _duration_pb2.Duration
    def __init__(self, count: _Optional[int] = ..., truncated: bool = ..., degraded: bool = ..., skipped: _Optional[int] = ..., generation: _Optional[str] = ..., embed_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., candidates_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., rank_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., fetch_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., read_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., wait_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AssembleContextRequest(_message.Message):
    __slots__ = ("query", "token_budget", "order", "reference", "tokenizer", "mode", "filter", "limit", "min_score", "min_similarity", "lexical_passes_similarity", "rerank", "ranking", "diversity")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    TOKEN_BUDGET_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TOKENIZER_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    MIN_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    LEXICAL_PASSES_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    RERANK_FIELD_NUMBER: _ClassVar[int]
    RANKING_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    query: str
    token_budget: int
    order: ContextOrder
    reference: ContextReference
    tokenizer: ContextTokenizer
    mode: SearchMode
    filter: _memory_pb2.MemoryFilter
    limit: int
    min_score: float
    min_similarity: float
    lexical_passes_similarity: bool
    rerank: bool
    ranking: SearchRanking
    diversity: float
    def __init__(self, query: _Optional[str] = ..., token_budget: _Optional[int] = ..., order: _Optional[_Union[ContextOrder, str]] = ..., reference: _Optional[_Union[ContextReference, str]] = ..., tokenizer: _Optional[_Union[ContextTokenizer, str]] = ..., mode: _Optional[_Union[SearchMode, str]] = ..., filter: _Optional[_Union[_memory_pb2.MemoryFilter, _Mapping]] = ..., limit: _Optional[int] = ..., min_score: _Optional[float] = ..., min_similarity: _Optional[float] = ..., lexical_passes_similarity: bool = ..., rerank: bool = ..., ranking: _Optional[_Union[SearchRanking, _Mapping]] = ..., diversity: _Optional[float] = ...) -> None: ...

class AssembleContextResponse(_message.Message):
    __slots__ = ("text", "token_count", "token_count_exact", "memories", "omitted_memory_ids", "summary")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_EXACT_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    OMITTED_MEMORY_IDS_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    text: str
    token_count: int
    token_count_exact: bool
    memories: _containers.RepeatedCompositeFieldContainer[ContextMemory]
    omitted_memory_ids: _containers.RepeatedScalarFieldContainer[str]
    summary: SearchSummary
    def __init__(self, text: _Optional[str] = ..., token_count: _Optional[int] = ..., token_count_exact: bool = ..., memories: _Optional[_Iterable[_Union[ContextMemory, _Mapping]]] = ..., omitted_memory_ids: _Optional[_Iterable[str]] = ..., summary: _Optional[_Union[SearchSummary, _Mapping]] = ...) -> None: ...

class ContextMemory(_message.Message):
    __slots__ = ("memory_id", "rank", "score", "tokens", "truncated", "duplicate_memory_ids")
    MEMORY_ID_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_MEMORY_IDS_FIELD_NUMBER: _ClassVar[int]
    memory_id: str
    rank: int
    score: float
    tokens: int
    truncated: bool
    duplicate_memory_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, memory_id: _Optional[str] = ..., rank: _Optional[int] = ..., score: _Optional[float] = ..., tokens: _Optional[int] = ..., truncated: bool = ..., duplicate_memory_ids: _Optional[_Iterable[str]] = ...) -> None: ...
