package cairn_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"github.com/cairn-memory/cairn-go/gen/cairn/v1/cairnv1connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
)

// busy fails its first writes as ABORTED for a reason.
type busy struct {
	cairnv1connect.UnimplementedMemoryServiceHandler
	reason, domain string
	times          int
	requests       []string
}

func (b *busy) WriteMemory(_ context.Context, request *cairnv1.WriteMemoryRequest) (*cairnv1.WriteMemoryResponse, error) {
	b.requests = append(b.requests, request.GetRequestId())
	if len(b.requests) > b.times {
		return &cairnv1.WriteMemoryResponse{Outcome: cairnv1.Outcome_OUTCOME_CREATED}, nil
	}
	failure := connect.NewError(connect.CodeAborted, errors.New("not now"))
	detail, err := connect.NewErrorDetail(&errdetails.ErrorInfo{Reason: b.reason, Domain: b.domain})
	if err != nil {
		return nil, err
	}
	failure.AddDetail(detail)
	return nil, failure
}

func TestRepeatsAWriteWhoseFirstCallStillRunsAndNoOtherThatIsAborted(t *testing.T) {
	for _, protocol := range []cairn.Protocol{
		cairn.ProtocolConnect, cairn.ProtocolConnectJSON, cairn.ProtocolGRPC, cairn.ProtocolGRPCWeb,
	} {
		for _, c := range []struct {
			server  busy
			request string
			calls   int
			code    connect.Code
		}{
			{busy{reason: "REQUEST_IN_FLIGHT", domain: "cairn.v1", times: 2}, "mine", 3, 0},
			{busy{reason: "REQUEST_IN_FLIGHT", domain: "cairn.v1", times: 2}, "", 3, 0},
			{busy{reason: "REQUEST_IN_FLIGHT", domain: "cairn.v1", times: 9}, "", 4, connect.CodeAborted},
			{busy{reason: "REVISION_MISMATCH", domain: "cairn.v1", times: 9}, "", 1, connect.CodeAborted},
			{busy{reason: "REQUEST_IN_FLIGHT", domain: "proxy.example", times: 9}, "", 1, connect.CodeAborted},
		} {
			err := write(t, protocol, &c.server, c.request)
			failure, _ := errors.AsType[*cairn.Error](err)
			if (err == nil) != (c.code == 0) || failure != nil && failure.Code != c.code {
				t.Errorf("%s, %s of %s: ended with %v", protocol, c.server.reason, c.server.domain, err)
			}
			sent := c.server.requests
			if len(sent) != c.calls || len(slices.Compact(slices.Clone(sent))) != 1 || sent[0] == "" {
				t.Errorf("%s, %s of %s: sent %q", protocol, c.server.reason, c.server.domain, sent)
			}
			if c.request != "" && sent[0] != c.request {
				t.Errorf("%s: sent %q instead of %q", protocol, sent[0], c.request)
			}
		}
	}
}

func write(t *testing.T, protocol cairn.Protocol, handler *busy, request string) error {
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
	message := &cairnv1.WriteMemoryRequest{}
	if request != "" {
		message.RequestId = proto.String(request)
	}
	_, err = client.WriteMemory(t.Context(), message)
	return err
}
