package main

import (
	"context"
	"iter"
	"os"

	cairn "github.com/cairn-memory/cairn-go"
	v1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	cairngrpc "github.com/cairn-memory/cairn-go/grpc"
)

// client is what both clients can do; grpc-go's takes options besides.
type client interface {
	WriteMemory(context.Context, *v1.WriteMemoryRequest) (*v1.WriteMemoryResponse, error)
	BatchWriteMemories(context.Context, *v1.BatchWriteMemoriesRequest) (*v1.BatchWriteMemoriesResponse, error)
	GetMemory(context.Context, *v1.GetMemoryRequest) (*v1.GetMemoryResponse, error)
	ListMemories(context.Context, *v1.ListMemoriesRequest) (*v1.ListMemoriesResponse, error)
	UpdateMemory(context.Context, *v1.UpdateMemoryRequest) (*v1.UpdateMemoryResponse, error)
	DeleteMemory(context.Context, *v1.DeleteMemoryRequest) (*v1.DeleteMemoryResponse, error)
	RestoreMemory(context.Context, *v1.RestoreMemoryRequest) (*v1.RestoreMemoryResponse, error)
	PurgeMemory(context.Context, *v1.PurgeMemoryRequest) (*v1.PurgeMemoryResponse, error)
	ListRevisions(context.Context, *v1.ListRevisionsRequest) (*v1.ListRevisionsResponse, error)
	CreateAgent(context.Context, *v1.CreateAgentRequest) (*v1.CreateAgentResponse, error)
	Search(context.Context, *v1.SearchRequest) (*cairn.SearchStream, error)
	AllMemories(context.Context, *v1.ListMemoriesRequest) iter.Seq2[*v1.Memory, error]
	Close() error
}

func dial(told plan, at run, key string) (client, error) {
	options := []cairn.Option{cairn.WithURL(at.URL), cairn.WithKey(key)}
	if at.TLS {
		ca, err := os.ReadFile(told.CA)
		if err != nil {
			return nil, err
		}
		options = append(options, cairn.WithCA(ca))
	}
	if at.Wire == "grpc-go" {
		c, err := cairngrpc.New(options...)
		return overGRPC{c}, err
	}
	return cairn.New(append(options, cairn.WithProtocol(cairn.Protocol(at.Wire)))...)
}

type overGRPC struct{ c *cairngrpc.Client }

func (o overGRPC) WriteMemory(ctx context.Context, r *v1.WriteMemoryRequest) (*v1.WriteMemoryResponse, error) {
	return o.c.WriteMemory(ctx, r)
}
func (o overGRPC) BatchWriteMemories(ctx context.Context, r *v1.BatchWriteMemoriesRequest) (*v1.BatchWriteMemoriesResponse, error) {
	return o.c.BatchWriteMemories(ctx, r)
}
func (o overGRPC) GetMemory(ctx context.Context, r *v1.GetMemoryRequest) (*v1.GetMemoryResponse, error) {
	return o.c.GetMemory(ctx, r)
}
func (o overGRPC) ListMemories(ctx context.Context, r *v1.ListMemoriesRequest) (*v1.ListMemoriesResponse, error) {
	return o.c.ListMemories(ctx, r)
}
func (o overGRPC) UpdateMemory(ctx context.Context, r *v1.UpdateMemoryRequest) (*v1.UpdateMemoryResponse, error) {
	return o.c.UpdateMemory(ctx, r)
}
func (o overGRPC) DeleteMemory(ctx context.Context, r *v1.DeleteMemoryRequest) (*v1.DeleteMemoryResponse, error) {
	return o.c.DeleteMemory(ctx, r)
}
func (o overGRPC) RestoreMemory(ctx context.Context, r *v1.RestoreMemoryRequest) (*v1.RestoreMemoryResponse, error) {
	return o.c.RestoreMemory(ctx, r)
}
func (o overGRPC) PurgeMemory(ctx context.Context, r *v1.PurgeMemoryRequest) (*v1.PurgeMemoryResponse, error) {
	return o.c.PurgeMemory(ctx, r)
}
func (o overGRPC) ListRevisions(ctx context.Context, r *v1.ListRevisionsRequest) (*v1.ListRevisionsResponse, error) {
	return o.c.ListRevisions(ctx, r)
}
func (o overGRPC) CreateAgent(ctx context.Context, r *v1.CreateAgentRequest) (*v1.CreateAgentResponse, error) {
	return o.c.CreateAgent(ctx, r)
}
func (o overGRPC) Search(ctx context.Context, r *v1.SearchRequest) (*cairn.SearchStream, error) {
	return o.c.Search(ctx, r)
}
func (o overGRPC) AllMemories(ctx context.Context, r *v1.ListMemoriesRequest) iter.Seq2[*v1.Memory, error] {
	return o.c.AllMemories(ctx, r)
}
func (o overGRPC) Close() error { return o.c.Close() }
