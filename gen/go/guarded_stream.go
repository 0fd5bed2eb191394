package cairn

import (
	"context"
	"errors"
	"io"

	"connectrpc.com/connect"
	"github.com/cairn-memory/cairn-go/internal/retry"
)

// guardedStream is a server's stream that is begun anew where it fails before its first message, and whose errors are of type Error.
type guardedStream struct {
	connect.StreamingClientConn
	ctx    context.Context
	open   func() connect.StreamingClientConn
	policy retry.Policy

	sent     any
	received bool
}

// Send sends the one request of the stream.
func (s *guardedStream) Send(message any) error {
	s.sent = message
	if err := s.StreamingClientConn.Send(message); err != nil {
		return s.keepEnd(err)
	}
	return nil
}

// Receive answers io.EOF at the end.
func (s *guardedStream) Receive(message any) error {
	err := s.keepEnd(s.StreamingClientConn.Receive(message))
	for tried := 1; err != nil && !s.received && isPassing(err); tried++ {
		if err := s.policy.Pause(s.ctx, tried, err); err != nil {
			return failureOf(s.ctx, err)
		}
		err = s.keepEnd(s.again(message))
	}
	s.received = s.received || err == nil
	return err
}

func (s *guardedStream) again(message any) error {
	failed := s.StreamingClientConn
	fresh := s.open()
	for name, values := range failed.RequestHeader() {
		fresh.RequestHeader()[name] = values
	}
	_ = failed.CloseResponse()
	s.StreamingClientConn = fresh
	if err := fresh.Send(s.sent); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := fresh.CloseRequest(); err != nil {
		return err
	}
	return fresh.Receive(message)
}

// keepEnd makes an Error of any error but io.EOF, which says that the stream has ended well; Connect uses it for nothing else.
func (s *guardedStream) keepEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return failureOf(s.ctx, err)
}
