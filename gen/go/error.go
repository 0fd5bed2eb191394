package cairn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"connectrpc.com/connect"
	"github.com/cairn-memory/cairn-go/internal/certificate"
	"github.com/cairn-memory/cairn-go/internal/errordomain"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

// Code is a gRPC status code, such as CodeNotFound of connectrpc.com/connect; the numbers are gRPC's own.
type Code = connect.Code

// Error is why a call failed; every error of a call is one, whatever the protocol:
//
//	if failure, ok := errors.AsType[*cairn.Error](err); ok && failure.Reason == "MEMORY_NOT_FOUND" { … }
//
// errors.Is(err, context.DeadlineExceeded) and errors.Is(err, context.Canceled) hold as well, whichever side noticed first.
type Error struct {
	// Code is the status. CodeUnavailable also where the server cannot be reached, or is lost in the middle of a call.
	Code Code
	// Reason is the server's own word, a name of the contract's ErrorReason without its prefix, such as "REVISION_MISMATCH". Empty:
	// the failure is not the server's.
	Reason string
	// Metadata goes with the reason: such as "field" with INVALID_FIELD and "revision" with REVISION_MISMATCH.
	Metadata map[string]string
	// Message is for a person to read.
	Message string
	// CallID names the call in the server's log (x-request-id). Empty: no answer of the server came.
	CallID string
	// Err is the error of the library that speaks the protocol.
	Err error
}

// Error reads like "not_found: MEMORY_NOT_FOUND: no such memory (call 0199…)".
func (e *Error) Error() string {
	text := e.Code.String() + ": "
	if e.Reason != "" {
		text += e.Reason + ": "
	}
	text += e.Message
	if e.CallID != "" {
		text += fmt.Sprintf(" (call %s)", e.CallID)
	}
	return text
}

// Unwrap answers Err.
func (e *Error) Unwrap() error { return e.Err }

// Is equals deadlines and cancellations of the server with those of the context.
func (e *Error) Is(target error) bool {
	return target == context.DeadlineExceeded && e.Code == connect.CodeDeadlineExceeded ||
		target == context.Canceled && e.Code == connect.CodeCanceled
}

// Passing tells whether the failure is one that a repetition may cure: the server is unavailable or overloaded, or still carries out
// an earlier call of the same request_id, whose answer a repetition gets. A certificate that is not trusted does not pass.
func (e *Error) Passing() bool {
	if _, ok := errors.AsType[*certificate.Fault](e.Err); ok {
		return false
	}
	return e.Code == connect.CodeUnavailable ||
		e.Code == connect.CodeResourceExhausted && e.Reason == "OVERLOADED" ||
		e.Code == connect.CodeAborted && e.Reason == "REQUEST_IN_FLIGHT"
}

func isPassing(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	return ok && failure.Passing()
}

// failureOf makes an Error of any error of Connect's or of the call's context; nil stays nil.
func failureOf(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	if fault := certificate.Of(err); fault != nil {
		return &Error{Code: connect.CodeUnavailable, Message: fault.Error(), Err: fault}
	}
	failed, ok := errors.AsType[*connect.Error](err)
	if !ok {
		return &Error{Code: codeOf(err), Message: err.Error(), Err: err}
	}
	code := failed.Code()
	if !connect.IsWireError(err) && ctx.Err() == nil && isLost(ctx, code, err) {
		code = connect.CodeUnavailable
	}
	failure := &Error{Code: code, Message: failed.Message(), CallID: failed.Meta().Get("x-request-id"), Err: err}
	for _, detail := range failed.Details() {
		value, err := detail.Value()
		if info, ok := value.(*errdetails.ErrorInfo); ok && err == nil && info.GetDomain() == errordomain.Cairn {
			failure.Reason, failure.Metadata = info.GetReason(), info.GetMetadata()
			break
		}
	}
	return failure
}

// isLost tells whether the connection or the stream was lost, which connect-go calls a cancellation where it was reset, whoever reset
// it, a deadline where the dialer gave up first, and an internal or unknown error where it ended in the middle of an answer. The types
// of net/http's HTTP/2 are its own.
func isLost(ctx context.Context, code Code, err error) bool {
	socket, _ := errors.AsType[*net.OpError](err)
	switch code {
	case connect.CodeCanceled:
		return true
	case connect.CodeDeadlineExceeded:
		deadline, bounded := ctx.Deadline()
		return socket != nil && socket.Op == "dial" && (!bounded || time.Now().Before(deadline))
	case connect.CodeInternal, connect.CodeUnknown:
		text := err.Error()
		return socket != nil || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(text, "; received from peer") ||
			strings.Contains(text, "http2: ") && (strings.Contains(text, "GOAWAY") || strings.Contains(text, "connection lost"))
	}
	return false
}

func codeOf(err error) Code {
	switch {
	case errors.Is(err, context.Canceled):
		return connect.CodeCanceled
	case errors.Is(err, context.DeadlineExceeded):
		return connect.CodeDeadlineExceeded
	}
	return connect.CodeOf(err)
}
