// Package callheader keeps the headers of single calls in their context.
package callheader

import (
	"context"
	"net/http"

	"github.com/cairn-memory/cairn-go/internal/settings"
)

type key struct{}

// With adds a header to those of the context.
func With(ctx context.Context, name, value string) context.Context {
	headers := From(ctx).Clone()
	if headers == nil {
		headers = http.Header{}
	}
	headers.Add(name, value)
	return context.WithValue(ctx, key{}, headers)
}

// From answers the headers of the context, which may be nil; they must not be changed.
func From(ctx context.Context) http.Header {
	headers, _ := ctx.Value(key{}).(http.Header)
	return headers
}

// Each passes all headers of a call on: the credentials, the client's own, then the context's, which stand instead of the client's.
func Each(ctx context.Context, s *settings.Settings, set func(name string, values []string)) {
	if s.Key != "" {
		set("Authorization", []string{"Bearer " + s.Key})
	}
	if s.Agent != "" {
		set("Cairn-Agent", []string{s.Agent})
	}
	for name, values := range s.Header {
		set(name, values)
	}
	for name, values := range From(ctx) {
		set(name, values)
	}
}
