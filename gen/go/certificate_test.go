package cairn_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
)

func TestACertificateThatIsNotTrustedIsUnavailableAndAskedForOnce(t *testing.T) {
	for _, protocol := range []cairn.Protocol{cairn.ProtocolConnect, cairn.ProtocolGRPC, cairn.ProtocolGRPCWeb} {
		var made atomic.Int32
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.EnableHTTP2 = true
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				made.Add(1)
			}
		}
		server.StartTLS()
		client, err := cairn.New(cairn.WithURL(server.URL), cairn.WithProtocol(protocol))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.GetMemory(t.Context(), &cairnv1.GetMemoryRequest{})
		failure, ok := errors.AsType[*cairn.Error](err)
		if !ok || failure.Code != connect.CodeUnavailable || failure.Passing() || made.Load() != 1 {
			t.Errorf("%s: failed with %v in %d connections", protocol, err, made.Load())
		}
		if !strings.Contains(err.Error(), "certificate is not trusted: x509: ") || !strings.Contains(err.Error(), "WithCA") {
			t.Errorf("%s: said %v", protocol, err)
		}
		server.Close()
	}
}
