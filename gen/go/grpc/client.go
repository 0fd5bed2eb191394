// Package cairngrpc is the client of Cairn for those who use grpc-go: its stubs, with the guarantees of the package cairn beside it,
// whose options, errors and streams it shares. Of those options, WithProtocol and WithHTTPClient mean nothing here.
package cairngrpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"iter"
	"net"
	"time"

	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	cairnv1grpc "github.com/cairn-memory/cairn-go/grpc/gen/cairn/v1"
	"github.com/cairn-memory/cairn-go/internal/paging"
	"github.com/cairn-memory/cairn-go/internal/settings"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

var connectBackoff = backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second}

// Client calls the server; any number of goroutines may use one. It has the methods of all services; Search is its own, the rest are
// the generated ones. What is repeated, and when, is as in [cairn.Client].
type Client struct {
	cairnv1grpc.MemoryServiceClient
	cairnv1grpc.AgentServiceClient
	cairnv1grpc.KeyServiceClient
	cairnv1grpc.WorkspaceServiceClient
	cairnv1grpc.EmbeddingServiceClient

	conn *grpc.ClientConn
}

// New makes a client, which connects with its first call. It refuses what [cairn.New] refuses, a URL with a path, and options that
// mean nothing here.
func New(options ...cairn.Option) (*Client, error) {
	s, err := settings.Resolve(func(s *settings.Settings) {
		for _, option := range options {
			option(s)
		}
	})
	if err != nil {
		return nil, err
	}
	if s.Protocol != "" || s.Doer != nil {
		return nil, errors.New("cairn: over grpc-go there is neither another protocol nor an HTTP client to choose")
	}
	if s.URL.Path != "" {
		return nil, fmt.Errorf("cairn: the URL %s must have no path over gRPC", s.URL)
	}
	g := &guard{s}
	conn, err := grpc.NewClient("dns:///"+address(s),
		grpc.WithTransportCredentials(transportCredentials(s)),
		grpc.WithUserAgent("cairn-go/"+cairn.Version),
		// Only our interceptors know what is safe to repeat.
		grpc.WithDisableRetry(),
		grpc.WithDisableServiceConfig(),
		// A failed connection is tried again as soon as a call would be; grpc-go's own second outlasts all attempts.
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: connectBackoff, MinConnectTimeout: 20 * time.Second}),
		grpc.WithUnaryInterceptor(g.unary),
		grpc.WithStreamInterceptor(g.stream),
	)
	if err != nil {
		return nil, fmt.Errorf("cairn: %w", err)
	}
	return &Client{
		MemoryServiceClient:    cairnv1grpc.NewMemoryServiceClient(conn),
		AgentServiceClient:     cairnv1grpc.NewAgentServiceClient(conn),
		KeyServiceClient:       cairnv1grpc.NewKeyServiceClient(conn),
		WorkspaceServiceClient: cairnv1grpc.NewWorkspaceServiceClient(conn),
		EmbeddingServiceClient: cairnv1grpc.NewEmbeddingServiceClient(conn),
		conn:                   conn,
	}, nil
}

// Search finds memories, best first. The stream has to be closed, or ranged over: see [cairn.SearchStream]. Cancelling ctx ends it too.
func (c *Client) Search(ctx context.Context, request *cairnv1.SearchRequest, options ...grpc.CallOption) (*cairn.SearchStream, error) {
	ctx, cancel := context.WithCancel(ctx)
	found, err := c.MemoryServiceClient.Search(ctx, request, options...)
	if err != nil {
		cancel()
		return nil, err
	}
	return cairn.NewSearchStream(untilEnd(found.Recv), cancel), nil
}

// AllMemories lists the memories of every page, newest first, asking for each page when the one before it is used up. The request's
// page_size is that of the pages. An error ends it.
func (c *Client) AllMemories(ctx context.Context, request *cairnv1.ListMemoriesRequest) iter.Seq2[*cairnv1.Memory, error] {
	list := func(ctx context.Context, page *cairnv1.ListMemoriesRequest) (*cairnv1.ListMemoriesResponse, error) {
		return c.ListMemories(ctx, page)
	}
	return paging.Memories(ctx, request, list)
}

// Close ends the connection and what still runs on it; calls then fail with CodeFailedPrecondition, of Connect.
func (c *Client) Close() error { return c.conn.Close() }

func address(s *settings.Settings) string {
	port := s.URL.Port()
	if port == "" {
		port = map[bool]string{false: "80", true: "443"}[s.Secure()]
	}
	return net.JoinHostPort(s.URL.Hostname(), port)
}

func transportCredentials(s *settings.Settings) credentials.TransportCredentials {
	if !s.Secure() {
		return insecure.NewCredentials()
	}
	config := s.TLS
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return credentials.NewTLS(config)
}
