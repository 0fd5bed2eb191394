package cairngrpc_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	cairngrpc "github.com/cairn-memory/cairn-go/grpc"
)

// grpc-go goes on connecting by itself, so that connections do not tell how often the call was made.
func TestACertificateThatIsNotTrustedIsUnavailableAndDoesNotPass(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client, err := cairngrpc.New(cairn.WithURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, unary := client.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{})
	_, search := client.Search(t.Context(), &cairnv1.SearchRequest{Query: "tea"})
	for _, err := range []error{unary, search} {
		failure, ok := errors.AsType[*cairn.Error](err)
		if !ok || failure.Code != connect.CodeUnavailable || failure.Passing() {
			t.Errorf("failed with %v", err)
		}
		if !strings.Contains(err.Error(), "certificate is not trusted: x509: ") || !strings.Contains(err.Error(), "WithCA") {
			t.Errorf("said %v", err)
		}
	}
}
