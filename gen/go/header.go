package cairn

import (
	"context"

	"github.com/cairn-memory/cairn-go/internal/callheader"
)

// ContextWithHeader sends a header with the calls that are made under the context, besides those that it has already: "x-request-id",
// which names the call in the server's log, or "cairn-agent".
func ContextWithHeader(ctx context.Context, name, value string) context.Context {
	return callheader.With(ctx, name, value)
}
