package cairngrpc

import (
	"errors"
	"io"
	"strings"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"github.com/cairn-memory/cairn-go/internal/certificate"
	"github.com/cairn-memory/cairn-go/internal/errordomain"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// failureOf makes an Error of any error of grpc-go's; nil stays nil. The call's id is in the first metadata that has one.
func failureOf(err error, answers ...metadata.MD) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*cairn.Error](err); ok {
		return err
	}
	said, ok := status.FromError(err)
	if !ok {
		said = status.FromContextError(err)
	}
	if fault := certificate.Said(err, said.Message()); fault != nil {
		return &cairn.Error{Code: connect.CodeUnavailable, Message: fault.Error(), Err: fault}
	}
	failure := &cairn.Error{Code: codeOf(said), Message: said.Message(), Err: err}
	for _, detail := range said.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.GetDomain() == errordomain.Cairn {
			failure.Reason, failure.Metadata = info.GetReason(), info.GetMetadata()
			break
		}
	}
	for _, answer := range answers {
		if ids := answer.Get("x-request-id"); len(ids) > 0 {
			failure.CallID = ids[0]
			break
		}
	}
	return failure
}

// codeOf sets right what grpc-go calls a cancellation or an internal error, though nobody cancelled.
func codeOf(said *status.Status) connect.Code {
	code := connect.Code(said.Code())
	if code != connect.CodeCanceled && code != connect.CodeInternal {
		return code
	}
	if strings.HasPrefix(said.Message(), "stream terminated by RST_STREAM") {
		return connect.CodeUnavailable
	}
	if said.Message() == "grpc: the client connection is closing" {
		return connect.CodeFailedPrecondition
	}
	return code
}

func isPassing(err error) bool {
	failure, ok := errors.AsType[*cairn.Error](err)
	return ok && failure.Passing()
}

// untilEnd answers nil at the end of a stream, as cairn.NewSearchStream wants it.
func untilEnd(receive func() (*cairnv1.SearchResponse, error)) func() (*cairnv1.SearchResponse, error) {
	return func() (*cairnv1.SearchResponse, error) {
		response, err := receive()
		if err == io.EOF {
			return nil, nil
		}
		return response, err
	}
}
