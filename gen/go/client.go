// Package cairn is the client of Cairn, the memory service for software agents, over Connect, gRPC and gRPC-Web.
//
// The messages are in github.com/cairn-memory/cairn-go/gen/cairn/v1. Whoever wants grpc-go's stubs finds them in the module
// github.com/cairn-memory/cairn-go/grpc.
package cairn

import (
	"context"
	"fmt"
	"iter"
	"runtime"

	"connectrpc.com/connect"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"github.com/cairn-memory/cairn-go/gen/cairn/v1/cairnv1connect"
	"github.com/cairn-memory/cairn-go/internal/paging"
	"github.com/cairn-memory/cairn-go/internal/settings"
)

// Version of this module.
const Version = "0.1.0"

// Client calls the server; any number of goroutines may use one. It has the methods of all services; Search is its own, the rest are
// the generated ones. Calls that are safe to repeat are repeated while the server is unavailable: those that change nothing, and
// writes whose request has a request_id, which is filled in where it is empty.
type Client struct {
	cairnv1connect.MemoryServiceClient
	cairnv1connect.AgentServiceClient
	cairnv1connect.KeyServiceClient
	cairnv1connect.WorkspaceServiceClient
	cairnv1connect.EmbeddingServiceClient

	http HTTPClient
}

// New makes a client. It connects with the first call; what it refuses at once is a URL that is none, a CA without certificate and
// an unknown protocol.
func New(options ...Option) (*Client, error) {
	s, err := settings.Resolve(func(s *settings.Settings) {
		for _, option := range options {
			option(s)
		}
	})
	if err != nil {
		return nil, err
	}
	protocol, err := protocolOptions(Protocol(s.Protocol))
	if err != nil {
		return nil, err
	}
	doer := s.Doer
	if doer == nil {
		doer = newHTTPClient(s)
	}
	userAgent := fmt.Sprintf("cairn-go/%s connect-go/%s (%s)", Version, connect.Version, runtime.Version())
	all := connect.WithClientOptions(append(protocol, connect.WithInterceptors(&guard{s, userAgent}))...)
	url := s.URL.String()
	return &Client{
		MemoryServiceClient:    cairnv1connect.NewMemoryServiceClient(doer, url, all),
		AgentServiceClient:     cairnv1connect.NewAgentServiceClient(doer, url, all),
		KeyServiceClient:       cairnv1connect.NewKeyServiceClient(doer, url, all),
		WorkspaceServiceClient: cairnv1connect.NewWorkspaceServiceClient(doer, url, all),
		EmbeddingServiceClient: cairnv1connect.NewEmbeddingServiceClient(doer, url, all),
		http:                   doer,
	}, nil
}

// Search finds memories, best first. The stream has to be closed, or ranged over: see [SearchStream]. Cancelling ctx ends it too.
func (c *Client) Search(ctx context.Context, request *cairnv1.SearchRequest) (*SearchStream, error) {
	ctx, cancel := context.WithCancel(ctx)
	found, err := c.MemoryServiceClient.Search(ctx, request)
	if err != nil {
		err = failureOf(ctx, err)
		cancel()
		return nil, err
	}
	receive := func() (*cairnv1.SearchResponse, error) {
		if !found.Receive() {
			return nil, found.Err()
		}
		return found.Msg(), nil
	}
	stop := func() {
		cancel()
		_ = found.Close()
	}
	return NewSearchStream(receive, stop), nil
}

// AllMemories lists the memories of every page, newest first, asking for each page when the one before it is used up. The request's
// page_size is that of the pages. An error ends it.
func (c *Client) AllMemories(ctx context.Context, request *cairnv1.ListMemoriesRequest) iter.Seq2[*cairnv1.Memory, error] {
	return paging.Memories(ctx, request, c.ListMemories)
}

// Close lets idle connections go. Calls that are running go on.
func (c *Client) Close() error {
	if idle, ok := c.http.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
	return nil
}
