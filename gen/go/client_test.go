package cairn_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"github.com/cairn-memory/cairn-go/gen/cairn/v1/cairnv1connect"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

func TestTakesAddressAndKeyFromTheEnvironmentUnlessTold(t *testing.T) {
	told := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told <- r.Header.Get("Authorization") + " " + r.Header.Get("User-Agent")
		w.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	t.Setenv("CAIRN_URL", server.URL+"/")
	t.Setenv("CAIRN_API_KEY", "cairn_environment")
	for key, options := range map[string][]cairn.Option{
		"cairn_environment": nil,
		"cairn_given":       {cairn.WithKey("cairn_given")},
	} {
		client, err := cairn.New(options...)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = client.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{})
		if got := <-told; !strings.HasPrefix(got, "Bearer "+key+" cairn-go/"+cairn.Version+" connect-go/") {
			t.Errorf("sent %q", got)
		}
	}
}

func TestRefusesSettingsThatCannotWork(t *testing.T) {
	for name, option := range map[string]cairn.Option{
		"a host alone":     cairn.WithURL("cairn.example:8080"),
		"another scheme":   cairn.WithURL("ftp://cairn.example"),
		"no host":          cairn.WithURL("https://"),
		"a query":          cairn.WithURL("https://cairn.example?key=x"),
		"a port too high":  cairn.WithURL("https://cairn.example:99999"),
		"a colon alone":    cairn.WithURL("https://cairn.example:"),
		"a key of lines":   cairn.WithKey("cairn_x\nHost: y"),
		"a blank agent":    cairn.WithAgent(" "),
		"an agent of two":  cairn.WithAgent("ada\nHost: y"),
		"a CA without PEM": cairn.WithCA([]byte("no certificate")),
		"a protocol":       cairn.WithProtocol("telepathy"),
	} {
		if _, err := cairn.New(option); err == nil {
			t.Errorf("%s passed", name)
		}
	}
	for _, url := range []string{"http://me:secret@host", "ftp://me:secret@host", "http://me:secret@host:x", "http://me:sec%ret@host"} {
		if _, err := cairn.New(cairn.WithURL(url)); err == nil || strings.Contains(err.Error(), "sec") {
			t.Errorf("%s: refused with %v", url, err)
		}
	}
}

func TestSaysClearlyThatNobodyListens(t *testing.T) {
	client, err := cairn.New(cairn.WithURL("http://127.0.0.1:1"), cairn.WithAttempts(1))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{})
	failure, ok := errors.AsType[*cairn.Error](err)
	if !ok || failure.Code != connect.CodeUnavailable || failure.Reason != "" || !strings.Contains(err.Error(), "refused") {
		t.Errorf("failed with %v", err)
	}
}

func TestHasTheMethodsOfEveryService(t *testing.T) {
	client := reflect.TypeFor[*cairn.Client]()
	protoregistry.GlobalFiles.RangeFilesByPackage("cairn.v1", func(file protoreflect.FileDescriptor) bool {
		for service := range descriptors(file.Services()) {
			for method := range descriptors(service.Methods()) {
				if _, ok := client.MethodByName(string(method.Name())); !ok {
					t.Errorf("%s is missing, or two services have it", method.FullName())
				}
			}
		}
		return true
	})
}

func descriptors[D any](list interface {
	Len() int
	Get(int) D
}) func(func(D) bool) {
	return func(yield func(D) bool) {
		for at := range list.Len() {
			if !yield(list.Get(at)) {
				return
			}
		}
	}
}

// shaky fails searches as told before it finds one memory.
type shaky struct {
	cairnv1connect.UnimplementedMemoryServiceHandler
	failures []error
	// after says that a result comes before each failure.
	after bool
	calls int
}

func (s *shaky) Search(_ context.Context, _ *cairnv1.SearchRequest, stream *connect.ServerStream[cairnv1.SearchResponse]) error {
	s.calls++
	result := &cairnv1.SearchResponse{Part: &cairnv1.SearchResponse_Result{Result: &cairnv1.SearchResult{Rank: int32(s.calls)}}}
	if s.calls > len(s.failures) {
		return stream.Send(result)
	}
	if s.after {
		_ = stream.Send(result)
	}
	return s.failures[s.calls-1]
}

func TestBeginsASearchAnewOnlyBeforeItsFirstResult(t *testing.T) {
	down := connect.NewError(connect.CodeUnavailable, errors.New("down"))
	broken := connect.NewError(connect.CodeInternal, errors.New("broken"))
	for _, protocol := range []cairn.Protocol{cairn.ProtocolConnect, cairn.ProtocolGRPC, cairn.ProtocolGRPCWeb} {
		for _, c := range []struct {
			what         string
			server       shaky
			calls, ranks int
			code         connect.Code
		}{
			{"down twice", shaky{failures: []error{down, down}}, 3, 1, 0},
			{"down for good", shaky{failures: []error{down, down, down, down, down}}, 4, 0, connect.CodeUnavailable},
			{"broken", shaky{failures: []error{broken}}, 1, 0, connect.CodeInternal},
			{"down after a result", shaky{failures: []error{down}, after: true}, 1, 1, connect.CodeUnavailable},
		} {
			ranks, err := search(t, protocol, &c.server)
			failure, _ := errors.AsType[*cairn.Error](err)
			if (err == nil) != (c.code == 0) || failure != nil && failure.Code != c.code {
				t.Errorf("%s, %s: failed with %v", protocol, c.what, err)
			}
			if ranks != c.ranks || c.server.calls != c.calls {
				t.Errorf("%s, %s: %d results in %d calls", protocol, c.what, ranks, c.server.calls)
			}
		}
	}
}

func search(t *testing.T, protocol cairn.Protocol, handler *shaky) (ranks int, err error) {
	mux := http.NewServeMux()
	mux.Handle(cairnv1connect.NewMemoryServiceHandler(handler))
	server := httptest.NewUnstartedServer(mux)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	client, err := cairn.New(cairn.WithURL(server.URL), cairn.WithProtocol(protocol))
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

func TestDoesNotTakeACutConnectionForTheEnd(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	defer server.Close()
	client, err := cairn.New(cairn.WithURL(server.URL), cairn.WithAttempts(1))
	if err != nil {
		t.Fatal(err)
	}
	stream, err := client.Search(t.Context(), &cairnv1.SearchRequest{Query: "tea"})
	if err == nil {
		for stream.Next() {
		}
		err = stream.Err()
	}
	if failure, ok := errors.AsType[*cairn.Error](err); !ok || failure.Code != connect.CodeUnavailable {
		t.Errorf("ended with %v", err)
	}
}

func TestALostConnectionIsNoCancellationAndIsRepeatedWhereThatIsSafe(t *testing.T) {
	for what, call := range map[string]struct {
		do   func(*cairn.Client) error
		code connect.Code
		made int32
	}{
		"a read": {func(c *cairn.Client) error {
			_, err := c.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{})
			return err
		}, connect.CodeUnimplemented, 2},
		"a write": {func(c *cairn.Client) error {
			_, err := c.WriteMemory(t.Context(), &cairnv1.WriteMemoryRequest{})
			return err
		}, connect.CodeUnimplemented, 2},
		"a purge": {func(c *cairn.Client) error {
			_, err := c.PurgeMemory(t.Context(), &cairnv1.PurgeMemoryRequest{})
			return err
		}, connect.CodeUnavailable, 1},
	} {
		url, made := resettingServer(t)
		client, err := cairn.New(cairn.WithURL(url))
		if err != nil {
			t.Fatal(err)
		}
		err = call.do(client)
		failure, ok := errors.AsType[*cairn.Error](err)
		if !ok || failure.Code != call.code || errors.Is(err, context.Canceled) || made.Load() != call.made {
			t.Errorf("%s: %d calls, and failed with %v", what, made.Load(), err)
		}
	}
}

// resettingServer resets the connection of the first call that it gets, and does not know the others.
func resettingServer(t *testing.T) (url string, made *atomic.Int32) {
	mux := http.NewServeMux()
	mux.Handle(cairnv1connect.NewMemoryServiceHandler(cairnv1connect.UnimplementedMemoryServiceHandler{}))
	made = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if made.Add(1) > 1 {
			mux.ServeHTTP(w, r)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, made
}

func TestACancellationBetweenAttemptsIsACancellation(t *testing.T) {
	mux := http.NewServeMux()
	ctx, cancel := context.WithCancel(t.Context())
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		time.AfterFunc(10*time.Millisecond, cancel)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	client, err := cairn.New(cairn.WithURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.GetMemory(ctx, &cairnv1.GetMemoryRequest{})
	if failure, ok := errors.AsType[*cairn.Error](err); !ok || failure.Code != connect.CodeCanceled || !errors.Is(err, context.Canceled) {
		t.Errorf("failed with %v", err)
	}
}

func TestUsesATransportOfItsOwnWhereTheProgramReplacedTheDefault(t *testing.T) {
	usual := http.DefaultTransport
	defer func() { http.DefaultTransport = usual }()
	http.DefaultTransport = struct{ http.RoundTripper }{usual}
	if _, err := cairn.New(); err != nil {
		t.Error(err)
	}
}
