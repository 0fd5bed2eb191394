// Package settings holds what a client was told, for the packages of this module and of the grpc module.
package settings

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	defaultURL      = "http://127.0.0.1:8080"
	defaultTimeout  = 30 * time.Second
	defaultAttempts = 4
)

// Doer sends one HTTP request, as *http.Client does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Settings are what a client was told.
type Settings struct {
	URL      *url.URL
	Key      string
	Agent    string
	Timeout  time.Duration
	Attempts int
	Header   http.Header
	TLS      *tls.Config
	// Protocol is empty where the caller did not choose.
	Protocol string
	// Doer is nil where the caller brought none.
	Doer Doer

	rawURL string
	fault  error
}

// Resolve applies the caller's options to the environment's values and the defaults.
func Resolve(apply func(*Settings)) (*Settings, error) {
	s := &Settings{
		Key:      os.Getenv("CAIRN_API_KEY"),
		Timeout:  defaultTimeout,
		Attempts: defaultAttempts,
		Header:   http.Header{},
		rawURL:   os.Getenv("CAIRN_URL"),
	}
	apply(s)
	if s.fault != nil {
		return nil, s.fault
	}
	if s.rawURL == "" {
		s.rawURL = defaultURL
	}
	if err := s.parseURL(); err != nil {
		return nil, err
	}
	if strings.ContainsFunc(s.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("cairn: the API key has characters that no key has, such as a space or a line's end")
	}
	if strings.ContainsFunc(s.Agent, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("cairn: the agent %q has characters that no header may have; use its UUID", s.Agent)
	}
	return s, nil
}

// SetURL remembers the server's address; Resolve checks it.
func (s *Settings) SetURL(raw string) { s.rawURL = raw }

// AddCA trusts the certificates in PEM besides the system's.
func (s *Settings) AddCA(pem []byte) {
	if s.TLS == nil {
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if s.TLS.RootCAs == nil {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		s.TLS.RootCAs = pool
	}
	if !s.TLS.RootCAs.AppendCertsFromPEM(pem) {
		s.fault = fmt.Errorf("cairn: no certificate in PEM among the %d bytes of the CA", len(pem))
	}
}

// SetTLS takes a configuration of the caller's, as it is now.
func (s *Settings) SetTLS(config *tls.Config) { s.TLS = config.Clone() }

// Secure tells whether the address asks for TLS.
func (s *Settings) Secure() bool { return s.URL.Scheme == "https" }

func (s *Settings) parseURL() error {
	// What stands before an @ may be a password.
	shown := ""
	if !strings.Contains(s.rawURL, "@") {
		shown = fmt.Sprintf(" %q", s.rawURL)
	}
	parsed, err := url.Parse(strings.TrimRight(s.rawURL, "/"))
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			err = failed.Err
		}
		if shown == "" {
			return fmt.Errorf("cairn: the URL is none; it must be like https://cairn.example:8443")
		}
		return fmt.Errorf("cairn: the URL%s is none: %w", shown, err)
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" {
		return fmt.Errorf("cairn: the URL%s must begin with http:// or https://", shown)
	}
	if parsed.Hostname() == "" || parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
		return fmt.Errorf("cairn: the URL must be like https://cairn.example:8443, with neither user, query nor fragment")
	}
	if port, err := strconv.ParseUint(parsed.Port(), 10, 16); parsed.Port() != "" && (err != nil || port == 0) || strings.HasSuffix(parsed.Host, ":") {
		return fmt.Errorf("cairn: the URL%s must have a port from 1 to 65535 or none", shown)
	}
	s.URL = parsed
	return nil
}
