package cairn_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
)

func TestTakesAnAnswerForLostThatAShutdownLeavesUnfinished(t *testing.T) {
	for what, call := range map[string]struct {
		do   func(context.Context, *cairn.Client) error
		made int32
	}{
		"a read": {func(ctx context.Context, c *cairn.Client) error {
			_, err := c.GetMemory(ctx, &cairnv1.GetMemoryRequest{})
			return err
		}, 2},
		"a search": {func(ctx context.Context, c *cairn.Client) error {
			_, err := drain(ctx, c)
			return err
		}, 2},
		"a purge": {func(ctx context.Context, c *cairn.Client) error {
			_, err := c.PurgeMemory(ctx, &cairnv1.PurgeMemoryRequest{})
			return err
		}, 1},
	} {
		url, made := leavingServer(t)
		client, err := cairn.New(cairn.WithURL(url), cairn.WithProtocol(cairn.ProtocolGRPC), cairn.WithAttempts(2))
		if err != nil {
			t.Fatal(err)
		}
		failure, ok := errors.AsType[*cairn.Error](call.do(t.Context(), client))
		if !ok || failure.Code != connect.CodeUnavailable || made.Load() != call.made {
			t.Errorf("%s: %d calls, and failed with %v", what, made.Load(), failure)
		}
	}
}

func drain(ctx context.Context, client *cairn.Client) (found int, err error) {
	stream, err := client.Search(ctx, &cairnv1.SearchRequest{})
	if err != nil {
		return 0, err
	}
	for stream.Next() {
		found++
	}
	return found, stream.Err()
}

// leavingServer begins every answer and then says GOAWAY to its stream, which net/http's own server never does.
func leavingServer(t *testing.T) (url string, made *atomic.Int32) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	made = new(atomic.Int32)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go leave(conn, made)
		}
	}()
	return "http://" + listener.Addr().String(), made
}

func leave(conn net.Conn, made *atomic.Int32) {
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	send := func(kind, flags byte, stream uint32, body string) {
		frame := binary.BigEndian.AppendUint32(nil, uint32(len(body))<<8|uint32(kind))
		frame = binary.BigEndian.AppendUint32(append(frame, flags), stream)
		_, _ = conn.Write(append(frame, body...))
	}
	const headers, settings, goAway = 1, 4, 7
	send(settings, 0, 0, "")
	for {
		head := make([]byte, 9)
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		length := int64(binary.BigEndian.Uint32(head) >> 8)
		if _, err := io.CopyN(io.Discard, conn, length); err != nil {
			return
		}
		if kind, flags := head[3], head[4]; kind > headers || flags&1 == 0 {
			continue
		}
		made.Add(1)
		// Status 200 by HPACK's table, and a content type spelled out.
		send(headers, 4, binary.BigEndian.Uint32(head[5:]), "\x88\x00\x0ccontent-type\x10application/grpc")
		send(goAway, 0, 0, strings.Repeat("\x00", 8))
	}
}

func TestTakesWhatANetworkDoesForALostConnection(t *testing.T) {
	broken := func(op string, err error) error {
		return &net.OpError{Op: op, Net: "tcp", Err: os.NewSyscallError(op, err)}
	}
	for what, do := range map[string]doing{
		"a dial that takes the dialer too long": func(request *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: request.URL.String(), Err: &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}}
		},
		"a reset":              beginning(broken("read", syscall.ECONNRESET)),
		"packets without echo": beginning(broken("read", syscall.ETIMEDOUT)),
		"no way to the host":   beginning(broken("read", syscall.EHOSTUNREACH)),
		"no answer to pings":   beginning(errors.New("http2: client connection lost")),
	} {
		for _, protocol := range protocols {
			client, err := cairn.New(cairn.WithHTTPClient(do), cairn.WithProtocol(protocol))
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.PurgeMemory(t.Context(), &cairnv1.PurgeMemoryRequest{})
			if failure, ok := errors.AsType[*cairn.Error](err); !ok || failure.Code != connect.CodeUnavailable {
				t.Errorf("%s, %s: failed with %v", protocol, what, err)
			}
		}
	}
}

type doing func(*http.Request) (*http.Response, error)

func (d doing) Do(request *http.Request) (*http.Response, error) { return d(request) }

// beginning answers every request by two bytes and the error.
func beginning(failure error) doing {
	return func(request *http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader("\x00\x00"), failing{failure})
		header := http.Header{"Content-Type": request.Header["Content-Type"]}
		return &http.Response{StatusCode: http.StatusOK, ProtoMajor: 2, Header: header, Body: io.NopCloser(body), Request: request}, nil
	}
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }
