package cairn

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
	"github.com/cairn-memory/cairn-go/internal/callheader"
	"github.com/cairn-memory/cairn-go/internal/retry"
	"github.com/cairn-memory/cairn-go/internal/settings"
)

// guard is the interceptor that gives every call its headers, deadline, repetitions and errors.
type guard struct {
	settings  *settings.Settings
	userAgent string
}

// filled is a request with another message than the caller's.
type filled struct {
	connect.AnyRequest
	message any
}

func (f filled) Any() any { return f.message }

// WrapUnary implements connect.Interceptor.
func (g *guard) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		if _, bounded := ctx.Deadline(); !bounded && g.settings.Timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, g.settings.Timeout)
			defer cancel()
		}
		g.setHeaders(ctx, request.Header())
		message, repeatable := retry.Prepare(request.Spec().Procedure, request.Any())
		var response connect.AnyResponse
		err := g.policy(repeatable).Do(ctx, isPassing, func() (err error) {
			response, err = next(ctx, filled{request, message})
			return failureOf(ctx, err)
		})
		if err != nil {
			return nil, failureOf(ctx, err)
		}
		return response, nil
	}
}

// WrapStreamingClient implements connect.Interceptor.
func (g *guard) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		open := func() connect.StreamingClientConn { return next(ctx, spec) }
		repeatable := spec.StreamType == connect.StreamTypeServer && retry.Idempotent(spec.Procedure)
		stream := &guardedStream{StreamingClientConn: open(), ctx: ctx, open: open, policy: g.policy(repeatable)}
		g.setHeaders(ctx, stream.RequestHeader())
		return stream
	}
}

// WrapStreamingHandler implements connect.Interceptor; a client has no handlers.
func (g *guard) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

func (g *guard) setHeaders(ctx context.Context, header http.Header) {
	header.Set("User-Agent", g.userAgent)
	callheader.Each(ctx, g.settings, func(name string, values []string) { header[http.CanonicalHeaderKey(name)] = values })
}

func (g *guard) policy(repeatable bool) retry.Policy {
	if !repeatable {
		return retry.Policy{Attempts: 1}
	}
	return retry.Policy{Attempts: g.settings.Attempts}
}
