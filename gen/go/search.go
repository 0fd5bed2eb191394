package cairn

import (
	"iter"

	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
)

// SearchStream is the results of one search as the server sends them, best first. It is for one goroutine. Either range over Results,
// which closes it, or go through it by hand:
//
//	defer stream.Close()
//	for stream.Next() {
//		fmt.Println(stream.Result().GetMemory().GetContent())
//	}
//	if err := stream.Err(); err != nil { … }
type SearchStream struct {
	receive func() (*cairnv1.SearchResponse, error)
	stop    func()

	result  *cairnv1.SearchResult
	summary *cairnv1.SearchSummary
	err     error
	closed  bool
}

// NewSearchStream makes a stream of responses, for another transport or a test. receive answers nil and no error at the end; stop is
// called once.
func NewSearchStream(receive func() (*cairnv1.SearchResponse, error), stop func()) *SearchStream {
	return &SearchStream{receive: receive, stop: stop}
}

// Next waits for the next result; false: there is none, as the search has ended, has failed (see Err), or was closed.
func (s *SearchStream) Next() bool {
	for !s.closed {
		response, err := s.receive()
		if err != nil || response == nil {
			s.err = err
			break
		}
		if s.result = response.GetResult(); s.result != nil {
			return true
		}
		if summary := response.GetSummary(); summary != nil {
			s.summary = summary
		}
	}
	s.result = nil
	s.Close()
	return false
}

// Result is what the last Next found; nil after it has answered false.
func (s *SearchStream) Result() *cairnv1.SearchResult { return s.result }

// Err is why the search failed; nil where it ended well or was closed.
func (s *SearchStream) Err() error { return s.err }

// Summary says how the search went; nil until Next has answered false at its end.
func (s *SearchStream) Summary() *cairnv1.SearchSummary { return s.summary }

// Close ends the search on the server, if it has not ended; it may be called again. The error is always nil.
func (s *SearchStream) Close() error {
	if !s.closed {
		s.closed = true
		s.stop()
	}
	return nil
}

// Results yields each result; a failure comes last, with a nil result. Leaving the loop, in whatever way, ends the search on the
// server. The results can be ranged over once.
func (s *SearchStream) Results() iter.Seq2[*cairnv1.SearchResult, error] {
	return func(yield func(*cairnv1.SearchResult, error) bool) {
		defer s.Close()
		for s.Next() {
			if !yield(s.result, nil) {
				return
			}
		}
		if s.err != nil {
			yield(nil, s.err)
		}
	}
}
