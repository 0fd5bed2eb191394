package cairngrpc

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/cairn-memory/cairn-go/internal/callheader"
	"github.com/cairn-memory/cairn-go/internal/retry"
	"github.com/cairn-memory/cairn-go/internal/settings"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// guard gives every call its headers, deadline, repetitions and errors.
type guard struct{ settings *settings.Settings }

func (g *guard) unary(ctx context.Context, method string, request, response any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	if _, bounded := ctx.Deadline(); !bounded && g.settings.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, g.settings.Timeout)
		defer cancel()
	}
	ctx = g.withHeaders(ctx)
	message, repeatable := retry.Prepare(method, request)
	return failureOf(g.policy(repeatable).Do(ctx, isPassing, func() error {
		var header, trailer metadata.MD
		all := append(options[:len(options):len(options)], grpc.Header(&header), grpc.Trailer(&trailer))
		return failureOf(invoke(ctx, method, message, response, conn, all...), header, trailer)
	}))
}

func (g *guard) stream(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, begin grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	ctx = g.withHeaders(ctx)
	repeatable := desc.ServerStreams && !desc.ClientStreams && retry.Idempotent(method)
	open := func() (grpc.ClientStream, error) {
		stream, err := begin(ctx, desc, conn, method, options...)
		return stream, failureOf(err)
	}
	s := &guardedStream{ctx: ctx, open: open, policy: g.policy(repeatable)}
	err := s.policy.Do(ctx, isPassing, func() (err error) {
		s.tried++
		s.ClientStream, err = open()
		return err
	})
	if err != nil {
		return nil, failureOf(err)
	}
	return s, nil
}

func (g *guard) withHeaders(ctx context.Context) context.Context {
	sent, _ := metadata.FromOutgoingContext(ctx)
	sent = sent.Copy()
	if sent == nil {
		sent = metadata.MD{}
	}
	callheader.Each(ctx, g.settings, func(name string, values []string) { sent[strings.ToLower(name)] = values })
	return metadata.NewOutgoingContext(ctx, sent)
}

func (g *guard) policy(repeatable bool) retry.Policy {
	if !repeatable {
		return retry.Policy{Attempts: 1}
	}
	return retry.Policy{Attempts: g.settings.Attempts}
}

// guardedStream is a server's stream that is begun anew where it fails before its first message, and whose errors are of type Error.
type guardedStream struct {
	grpc.ClientStream
	ctx    context.Context
	open   func() (grpc.ClientStream, error)
	policy retry.Policy

	tried    int
	sent     any
	received bool
}

// SendMsg sends the one request of the stream.
func (s *guardedStream) SendMsg(message any) error {
	s.sent = message
	return s.keepEnd(s.ClientStream.SendMsg(message))
}

// RecvMsg answers io.EOF at the end.
func (s *guardedStream) RecvMsg(message any) error {
	err := s.keepEnd(s.ClientStream.RecvMsg(message))
	for ; err != nil && !s.received && isPassing(err); s.tried++ {
		if err := s.policy.Pause(s.ctx, s.tried, err); err != nil {
			return failureOf(err)
		}
		err = s.keepEnd(s.again(message))
	}
	s.received = s.received || err == nil
	return err
}

func (s *guardedStream) again(message any) error {
	fresh, err := s.open()
	if err != nil {
		return err
	}
	s.ClientStream = fresh
	// io.EOF: the server has ended the stream already, and RecvMsg says why.
	if err := fresh.SendMsg(s.sent); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := fresh.CloseSend(); err != nil {
		return err
	}
	return fresh.RecvMsg(message)
}

func (s *guardedStream) keepEnd(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	header, _ := s.ClientStream.Header()
	return failureOf(err, header, s.ClientStream.Trailer())
}
