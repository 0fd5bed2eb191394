// Package certificate tells a certificate that is not trusted from a server that is not there.
package certificate

import (
	"crypto/tls"
	"errors"
	"strings"
)

// prefix is how crypto/tls begins what it says of a certificate that it does not accept; grpc-go hands on the words alone.
const prefix = "tls: failed to verify certificate: "

// Fault says that the server showed a certificate which this client does not accept. It will show it again.
type Fault struct {
	why   string
	cause error
}

// Of answers the fault that an error of a call is; nil where it is another.
func Of(err error) error {
	if refused, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &Fault{refused.Err.Error(), err}
	}
	return nil
}

// Said answers the fault that a failed connection is by the words for it; nil where it is another.
func Said(err error, words string) error {
	if _, why, ok := strings.Cut(words, prefix); ok && strings.HasPrefix(words, "connection error: ") {
		return &Fault{strings.TrimSuffix(why, `"`), err}
	}
	return nil
}

// Error tells what to do as well.
func (f *Fault) Error() string {
	return "the server's certificate is not trusted: " + f.why + "; check the address and the certificate, or name its authority with WithCA"
}

// Unwrap answers the library's own error.
func (f *Fault) Unwrap() error { return f.cause }
