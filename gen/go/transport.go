package cairn

import (
	"fmt"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"github.com/cairn-memory/cairn-go/internal/settings"
)

func protocolOptions(protocol Protocol) ([]connect.ClientOption, error) {
	switch protocol {
	case ProtocolConnect, "":
		return nil, nil
	case ProtocolConnectJSON:
		return []connect.ClientOption{connect.WithProtoJSON()}, nil
	case ProtocolGRPC:
		return []connect.ClientOption{connect.WithGRPC()}, nil
	case ProtocolGRPCWeb:
		return []connect.ClientOption{connect.WithGRPCWeb()}, nil
	}
	return nil, fmt.Errorf("cairn: there is no protocol %q", string(protocol))
}

func newHTTPClient(s *settings.Settings) *http.Client {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConns: 100, IdleConnTimeout: 90 * time.Second}
	// A program may have put something else in its place.
	if usual, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = usual.Clone()
	}
	if s.TLS != nil {
		transport.TLSClientConfig = s.TLS
	}
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	transport.HTTP2 = &http.HTTP2Config{
		// A connection that died unseen is found within 45 seconds.
		SendPingTimeout: 30 * time.Second,
		PingTimeout:     15 * time.Second,
	}
	transport.Protocols = new(http.Protocols)
	if Protocol(s.Protocol) == ProtocolGRPC {
		transport.Protocols.SetHTTP2(true)
		transport.Protocols.SetUnencryptedHTTP2(!s.Secure())
	} else {
		transport.Protocols.SetHTTP1(true)
		transport.Protocols.SetHTTP2(true)
	}
	return &http.Client{
		Transport: transport,
		// A redirect of an RPC is a mistake in the address, and following one would show the key to another server.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
