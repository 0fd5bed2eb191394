package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	v1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"google.golang.org/protobuf/proto"
)

// soon is well before the five seconds that the server takes.
const soon = 4 * time.Second

func harbour() *v1.SearchRequest {
	return &v1.SearchRequest{Query: "harbour", Filter: &v1.MemoryFilter{Kinds: []string{"note"}}, Limit: proto.Int32(100)}
}

func writeNotes(s *scene) {
	request := &v1.BatchWriteMemoriesRequest{Atomic: proto.Bool(true)}
	for number := 1; number <= 100; number++ {
		request.Writes = append(request.Writes, &v1.WriteMemoryRequest{Memory: &v1.MemoryInput{
			Kind: "note", Key: proto.String(fmt.Sprintf("note-%03d", number)),
			Content: fmt.Sprintf("Note %03d about the harbour", number),
		}})
	}
	want("written", len(must(s.BatchWriteMemories(s.ctx, request)).GetResults()), 100)
}

func search(s *scene) {
	writeNotes(s)
	stream := must(s.Search(s.ctx, harbour()))
	count, score := int32(0), 0.0
	for result, err := range stream.Results() {
		must(0, err)
		count++
		want("rank", result.GetRank(), count)
		want("the score rises", count > 1 && result.GetScore() > score, false)
		score = result.GetScore()
	}
	want("results", count, 100)
	want("summary's count", stream.Summary().GetCount(), 100)
}

func stopEarly(s *scene) {
	id, ctx := s.id("pace", 100)
	count := 0
	for _, err := range must(s.Search(ctx, harbour())).Results() {
		must(0, err)
		if count++; count == 5 {
			break
		}
	}
	want("results", count, 5)
	calls := s.saw(id, 1)
	want("calls", len(calls), 1)
	want("the server says ok", calls[0].Code == "ok", false)
	want(fmt.Sprintf("%d messages are at most 20", calls[0].Messages), calls[0].Messages <= 20, true)
}

func cancel(s *scene) {
	id, ctx := s.id("pace", 100)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream := must(s.Search(ctx, harbour()))
	defer stream.Close()
	want("first result", stream.Next(), true)
	within(soon, func() {
		stop()
		for stream.Next() {
		}
	})
	isCancelled(stream.Err())
	calls := s.saw(id, 1)
	want("calls", len(calls), 1)
	want("what the server saw of the search", calls[0].Code, "canceled")
	want(fmt.Sprintf("%d messages are at most 20", calls[0].Messages), calls[0].Messages <= 20, true)

	id, ctx = s.id("delay", 5000)
	ctx, stop = context.WithCancel(ctx)
	defer stop()
	stopped := make(chan time.Time, 1)
	go func() {
		defer stop()
		s.awaitBegin(id)
		stopped <- time.Now()
	}()
	_, err := s.GetMemory(ctx, &v1.GetMemoryRequest{MemoryId: s.drinkID})
	isCancelled(err)
	want("it ended soon", time.Since(<-stopped) < soon, true)
	want("what the server saw of the read", s.saw(id, 1)[0].Code, "canceled")
}

func isCancelled(err error) {
	fails(err, "CANCELED", "")
	want("is context.Canceled", errors.Is(err, context.Canceled), true)
}

func deadline(s *scene) {
	_, ctx := s.id("delay", 5000)
	ctx, stop := context.WithTimeout(ctx, 200*time.Millisecond)
	defer stop()
	within(soon, func() {
		_, err := s.GetMemory(ctx, &v1.GetMemoryRequest{MemoryId: s.drinkID})
		want("is context.DeadlineExceeded", errors.Is(err, context.DeadlineExceeded), true)
		failure := codeOf(err)
		want("code", failure, "DEADLINE_EXCEEDED")
	})
}
