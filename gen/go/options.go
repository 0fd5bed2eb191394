package cairn

import (
	"crypto/tls"
	"time"

	"github.com/cairn-memory/cairn-go/internal/settings"
)

// Option changes what [New] does.
type Option func(*settings.Settings)

// Protocol is how a client speaks to the server; the server speaks all of them on one port.
type Protocol string

// The protocols. Over cleartext, ProtocolGRPC uses HTTP/2 and the others HTTP/1.1; over TLS all use HTTP/2 where they can.
const (
	// ProtocolConnect is Connect with binary messages, the default.
	ProtocolConnect Protocol = "connect"
	// ProtocolConnectJSON is Connect with JSON, which is easy to read on the wire.
	ProtocolConnectJSON Protocol = "connect-json"
	// ProtocolGRPC is gRPC.
	ProtocolGRPC Protocol = "grpc"
	// ProtocolGRPCWeb is gRPC-Web, for proxies that do not let gRPC's trailers through.
	ProtocolGRPCWeb Protocol = "grpc-web"
)

// WithURL names the server, such as https://cairn.example:8443; https switches TLS on. Default: the environment's CAIRN_URL, else
// http://127.0.0.1:8080.
func WithURL(url string) Option { return func(s *settings.Settings) { s.SetURL(url) } }

// WithKey gives the API key. Default: the environment's CAIRN_API_KEY. Empty: none is sent, and the server refuses almost every call.
func WithKey(key string) Option { return func(s *settings.Settings) { s.Key = key } }

// WithAgent narrows a workspace-wide key to one agent's view; a UUID or a handle. Default: none.
func WithAgent(agent string) Option { return func(s *settings.Settings) { s.Agent = agent } }

// WithTimeout bounds every call, its repetitions included, whose context has no deadline of its own; streams excepted. Default: 30
// seconds; 0: no bound but the server's.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings.Settings) { s.Timeout = timeout }
}

// WithAttempts says how often a call that is safe to repeat is tried in all while its failures are passing: see [Error.Passing].
// Default: 4; 0 and 1 both mean once.
func WithAttempts(attempts int) Option {
	return func(s *settings.Settings) { s.Attempts = attempts }
}

// WithHeader sends a header with every call; [ContextWithHeader] sends one with some.
func WithHeader(name, value string) Option {
	return func(s *settings.Settings) { s.Header.Add(name, value) }
}

// WithCA trusts the certificates in PEM besides the system's. [New] fails where there is none in it.
func WithCA(pem []byte) Option { return func(s *settings.Settings) { s.AddCA(pem) } }

// WithTLS configures TLS, for client certificates for instance. It comes before [WithCA] where both are given.
func WithTLS(config *tls.Config) Option { return func(s *settings.Settings) { s.SetTLS(config) } }

// WithProtocol chooses how to speak to the server. Default: [ProtocolConnect].
func WithProtocol(protocol Protocol) Option {
	return func(s *settings.Settings) { s.Protocol = string(protocol) }
}

// HTTPClient sends one HTTP request, as *http.Client does.
type HTTPClient = settings.Doer

// WithHTTPClient sends all requests by a client of the caller's, which then decides on TLS, proxies and connections; [WithCA] and
// [WithTLS] are without effect. Over gRPC in cleartext it has to speak HTTP/2 unasked.
func WithHTTPClient(client HTTPClient) Option {
	return func(s *settings.Settings) { s.Doer = client }
}
