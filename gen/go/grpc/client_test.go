package cairngrpc_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	cairngrpc "github.com/cairn-memory/cairn-go/grpc"
	cairnv1grpc "github.com/cairn-memory/cairn-go/grpc/gen/cairn/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestHasTheMethodsOfTheOtherClient(t *testing.T) {
	here, there := reflect.TypeFor[*cairngrpc.Client](), reflect.TypeFor[*cairn.Client]()
	for at := range there.NumMethod() {
		if name := there.Method(at).Name; !hasMethod(here, name) {
			t.Errorf("%s is missing", name)
		}
	}
}

func hasMethod(client reflect.Type, name string) bool {
	_, ok := client.MethodByName(name)
	return ok
}

func TestRefusesOptionsThatMeanNothing(t *testing.T) {
	for _, option := range []cairn.Option{cairn.WithProtocol(cairn.ProtocolGRPC), cairn.WithURL("https://cairn.example/path")} {
		if _, err := cairngrpc.New(option); err == nil {
			t.Error("passed")
		}
	}
}

// shaky fails searches as told before it finds one memory.
type shaky struct {
	cairnv1grpc.UnimplementedMemoryServiceServer
	failures []codes.Code
	// after says that a result comes before each failure.
	after bool
	calls int
}

func (s *shaky) Search(_ *cairnv1.SearchRequest, stream grpc.ServerStreamingServer[cairnv1.SearchResponse]) error {
	s.calls++
	result := &cairnv1.SearchResponse{Part: &cairnv1.SearchResponse_Result{Result: &cairnv1.SearchResult{Rank: int32(s.calls)}}}
	if s.calls > len(s.failures) {
		return stream.Send(result)
	}
	if s.after {
		_ = stream.Send(result)
	}
	return status.Error(s.failures[s.calls-1], "as told")
}

func TestBeginsASearchAnewOnlyBeforeItsFirstResult(t *testing.T) {
	const down, broken = codes.Unavailable, codes.Internal
	for _, c := range []struct {
		what         string
		server       shaky
		calls, ranks int
		code         connect.Code
	}{
		{"down twice", shaky{failures: []codes.Code{down, down}}, 3, 1, 0},
		{"down for good", shaky{failures: []codes.Code{down, down, down, down, down}}, 4, 0, connect.CodeUnavailable},
		{"broken", shaky{failures: []codes.Code{broken}}, 1, 0, connect.CodeInternal},
		{"down after a result", shaky{failures: []codes.Code{down}, after: true}, 1, 1, connect.CodeUnavailable},
	} {
		ranks, err := search(t, &c.server)
		failure, _ := errors.AsType[*cairn.Error](err)
		if (err == nil) != (c.code == 0) || failure != nil && failure.Code != c.code {
			t.Errorf("%s: failed with %v", c.what, err)
		}
		if ranks != c.ranks || c.server.calls != c.calls {
			t.Errorf("%s: %d results in %d calls", c.what, ranks, c.server.calls)
		}
	}
}

func search(t *testing.T, handler *shaky) (ranks int, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	cairnv1grpc.RegisterMemoryServiceServer(server, handler)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()
	client, err := cairngrpc.New(cairn.WithURL("http://" + listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stream, err := client.Search(ctx, &cairnv1.SearchRequest{Query: "tea"})
	if err != nil {
		return 0, err
	}
	for _, err := range stream.Results() {
		if err != nil {
			return ranks, err
		}
		ranks++
	}
	return ranks, nil
}

// late drops its first connection, as a server does that is not up yet.
type late struct {
	net.Listener
	dropped atomic.Bool
}

func (l *late) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil && l.dropped.CompareAndSwap(false, true) {
		_ = conn.Close()
		return l.Listener.Accept()
	}
	return conn, err
}

func TestFindsAServerThatComesUpBetweenAttempts(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	defer server.Stop()
	cairnv1grpc.RegisterMemoryServiceServer(server, cairnv1grpc.UnimplementedMemoryServiceServer{})
	up := &late{Listener: listener}
	go func() { _ = server.Serve(up) }()
	client, err := cairngrpc.New(cairn.WithURL("http://" + listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{})
	if failure, ok := errors.AsType[*cairn.Error](err); !ok || failure.Code != connect.CodeUnimplemented || !up.dropped.Load() {
		t.Errorf("failed with %v", err)
	}
}

func TestALostStreamIsNoCancellationAndAClosedClientSaysSo(t *testing.T) {
	var made atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if made.Add(1) == 1 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Grpc-Status", "12")
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	client, err := cairngrpc.New(cairn.WithURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	code := func(err error) connect.Code {
		if failure, ok := errors.AsType[*cairn.Error](err); ok && !errors.Is(err, context.Canceled) {
			return failure.Code
		}
		return 0
	}
	_, err = client.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{})
	if code(err) != connect.CodeUnimplemented || made.Load() != 2 {
		t.Errorf("a read: failed with %v in %d calls", err, made.Load())
	}
	made.Store(0)
	_, err = client.PurgeMemory(t.Context(), &cairnv1.PurgeMemoryRequest{})
	if code(err) != connect.CodeUnavailable || made.Load() != 1 {
		t.Errorf("a purge: failed with %v in %d calls", err, made.Load())
	}
	_ = client.Close()
	if _, err = client.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{}); code(err) != connect.CodeFailedPrecondition {
		t.Errorf("after closing: failed with %v", err)
	}
}
