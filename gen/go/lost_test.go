package cairn_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"github.com/cairn-memory/cairn-go/gen/cairn/v1/cairnv1connect"
)

var protocols = []cairn.Protocol{cairn.ProtocolConnect, cairn.ProtocolConnectJSON, cairn.ProtocolGRPC, cairn.ProtocolGRPCWeb}

func TestRepeatsWhatWasLostInTheMiddleOfAnAnswer(t *testing.T) {
	for _, protocol := range protocols {
		for what, call := range map[string]struct {
			do   func(context.Context, *cairn.Client) error
			code connect.Code
			made int32
		}{
			"a read": {func(ctx context.Context, c *cairn.Client) error {
				_, err := c.GetMemory(ctx, &cairnv1.GetMemoryRequest{})
				return err
			}, connect.CodeUnimplemented, 2},
			"a search": {func(ctx context.Context, c *cairn.Client) error {
				stream, err := c.Search(ctx, &cairnv1.SearchRequest{})
				if err != nil {
					return err
				}
				stream.Next()
				return stream.Err()
			}, connect.CodeUnimplemented, 2},
			"a purge": {func(ctx context.Context, c *cairn.Client) error {
				_, err := c.PurgeMemory(ctx, &cairnv1.PurgeMemoryRequest{})
				return err
			}, connect.CodeUnavailable, 1},
		} {
			client, made := losing(t, protocol, cairnv1connect.UnimplementedMemoryServiceHandler{})
			err := call.do(t.Context(), client)
			if failure, ok := errors.AsType[*cairn.Error](err); !ok || failure.Code != call.code || made.Load() != call.made {
				t.Errorf("%s, %s: %d calls, and failed with %v", protocol, what, made.Load(), err)
			}
		}
	}
}

// losing is a server that begins the first answer, and ends the connection, or over HTTP/2 the stream, before it is whole.
func losing(t *testing.T, protocol cairn.Protocol, handler cairnv1connect.MemoryServiceHandler) (*cairn.Client, *atomic.Int32) {
	mux := http.NewServeMux()
	mux.Handle(cairnv1connect.NewMemoryServiceHandler(handler))
	made := new(atomic.Int32)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if made.Add(1) > 1 {
			mux.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte{0, 0})
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	client, err := cairn.New(cairn.WithURL(server.URL), cairn.WithProtocol(protocol))
	if err != nil {
		t.Fatal(err)
	}
	return client, made
}

// halfway finds one memory and is gone.
type halfway struct {
	cairnv1connect.UnimplementedMemoryServiceHandler
}

func (halfway) Search(_ context.Context, _ *cairnv1.SearchRequest, stream *connect.ServerStream[cairnv1.SearchResponse]) error {
	_ = stream.Send(&cairnv1.SearchResponse{Part: &cairnv1.SearchResponse_Result{Result: &cairnv1.SearchResult{Rank: 1}}})
	panic(http.ErrAbortHandler)
}

func TestTellsASearchThatWasLostFromOneThatEnded(t *testing.T) {
	for _, protocol := range protocols {
		client, made := losing(t, protocol, halfway{})
		stream, err := client.Search(t.Context(), &cairnv1.SearchRequest{})
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for stream.Next() {
			found++
		}
		failure, ok := errors.AsType[*cairn.Error](stream.Err())
		if !ok || failure.Code != connect.CodeUnavailable || found != 1 || made.Load() != 2 || stream.Summary() != nil {
			t.Errorf("%s: %d results in %d calls, and ended with %v", protocol, found, made.Load(), stream.Err())
		}
	}
}
