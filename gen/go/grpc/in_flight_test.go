package cairngrpc_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	cairngrpc "github.com/cairn-memory/cairn-go/grpc"
	cairnv1grpc "github.com/cairn-memory/cairn-go/grpc/gen/cairn/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// busy fails its first writes as ABORTED for a reason.
type busy struct {
	cairnv1grpc.UnimplementedMemoryServiceServer
	reason, domain string
	times          int
	requests       []string
}

func (b *busy) WriteMemory(_ context.Context, request *cairnv1.WriteMemoryRequest) (*cairnv1.WriteMemoryResponse, error) {
	b.requests = append(b.requests, request.GetRequestId())
	if len(b.requests) > b.times {
		return &cairnv1.WriteMemoryResponse{Outcome: cairnv1.Outcome_OUTCOME_CREATED}, nil
	}
	failure, err := status.New(codes.Aborted, "not now").WithDetails(&errdetails.ErrorInfo{Reason: b.reason, Domain: b.domain})
	if err != nil {
		return nil, err
	}
	return nil, failure.Err()
}

func TestRepeatsAWriteWhoseFirstCallStillRunsAndNoOtherThatIsAborted(t *testing.T) {
	for _, c := range []struct {
		server busy
		calls  int
		code   connect.Code
	}{
		{busy{reason: "REQUEST_IN_FLIGHT", domain: "cairn.v1", times: 2}, 3, 0},
		{busy{reason: "REVISION_MISMATCH", domain: "cairn.v1", times: 9}, 1, connect.CodeAborted},
		{busy{reason: "REQUEST_IN_FLIGHT", domain: "proxy.example", times: 9}, 1, connect.CodeAborted},
	} {
		err := write(t, &c.server)
		failure, _ := errors.AsType[*cairn.Error](err)
		if (err == nil) != (c.code == 0) || failure != nil && failure.Code != c.code {
			t.Errorf("%s of %s: ended with %v", c.server.reason, c.server.domain, err)
		}
		sent := c.server.requests
		if len(sent) != c.calls || len(slices.Compact(slices.Clone(sent))) != 1 || len(sent[0]) != 36 {
			t.Errorf("%s of %s: sent %q", c.server.reason, c.server.domain, sent)
		}
	}
}

func write(t *testing.T, handler *busy) error {
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
	_, err = client.WriteMemory(t.Context(), &cairnv1.WriteMemoryRequest{})
	return err
}
