// Package paging goes through the pages of a list.
package paging

import (
	"context"
	"iter"

	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"google.golang.org/protobuf/proto"
)

// List asks for one page.
type List func(context.Context, *cairnv1.ListMemoriesRequest) (*cairnv1.ListMemoriesResponse, error)

// Memories yields the memories of all pages from the request's on, asking for a page only when the one before it is used up.
func Memories(ctx context.Context, request *cairnv1.ListMemoriesRequest, list List) iter.Seq2[*cairnv1.Memory, error] {
	return func(yield func(*cairnv1.Memory, error) bool) {
		next := proto.CloneOf(request)
		if next == nil {
			next = &cairnv1.ListMemoriesRequest{}
		}
		for {
			page, err := list(ctx, next)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, memory := range page.GetMemories() {
				if !yield(memory, nil) {
					return
				}
			}
			if page.GetNextPageToken() == "" {
				return
			}
			next.PageToken, next.AfterMemoryId = page.GetNextPageToken(), nil
		}
	}
}
