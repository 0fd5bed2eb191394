"""A body for each operation that has one, which the server takes."""

MEMORY = {
    "kind": "preference",
    "key": "drink",
    "title": "Drink",
    "content": "Prefers green tea in the morning",
    "metadata": {"cups": 2, "where": ["office", None]},
    "tags": ["food"],
    "visibility": "VISIBILITY_SHARED",
}
TRUSTPAGER = {"kind": "preference", "key": "drink", "content": "Prefers green tea in the morning", "visibility": "shared"}

BODIES = {
    "cairn_v1_AgentService_CreateAgent": {"handle": "made-by-example", "display_name": "Made by example"},
    "cairn_v1_AgentService_UpdateAgent": {"display_name": "Renamed"},
    "cairn_v1_KeyService_CreateKey": {"display_name": "Made by example", "scopes": ["memory:read", "memory:write"]},
    "cairn_v1_KeyService_RevokeKey": {},
    "cairn_v1_KeyService_RotateKey": {"overlap": "60s"},
    "cairn_v1_MemoryService_WriteMemory": MEMORY,
    "cairn_v1_MemoryService_BatchWriteMemories": {"writes": [{"memory": MEMORY}, {"memory": {**MEMORY, "key": "food"}}]},
    "cairn_v1_MemoryService_UpdateMemory": {"title": "Renamed", "tags": []},
    "cairn_v1_MemoryService_RestoreMemory": {},
    "cairn_v1_MemoryService_PurgeMemory": {},
    "cairn_v1_MemoryService_Search": {"query": "harbour", "limit": 20},
    "cairn_v1_MemoryService_AssembleContext": {"query": "harbour"},
    "cairn_v1_WorkspaceService_CreateWorkspace": {"handle": "made-by-example"},
    "cairn_v1_WorkspaceService_UpdateWorkspace": {"display_name": "Renamed"},
    "trustpager_v1_MemoryService_WriteMemory": TRUSTPAGER,
    "trustpager_v1_MemoryService_UpdateMemory": {"content": "Prefers black coffee"},
    "trustpager_v1_MemoryService_SearchMemory": {"query": "harbour"},
}
