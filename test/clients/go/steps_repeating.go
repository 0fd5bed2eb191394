package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"connectrpc.com/connect"
	cairn "github.com/cairn-memory/cairn-go"
	v1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"google.golang.org/protobuf/proto"
)

func receipt(content string) *v1.MemoryInput {
	return &v1.MemoryInput{Kind: "receipt", Content: content}
}

func idempotent(s *scene) {
	s.request = unique()
	request := &v1.WriteMemoryRequest{Memory: receipt("Paid 12 francs"), RequestId: proto.String(s.request)}
	first, second := must(s.WriteMemory(s.ctx, request)), must(s.WriteMemory(s.ctx, request))
	want("first outcome", first.GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	want("second outcome", second.GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	want("second id", second.GetMemory().GetId(), first.GetMemory().GetId())
	want("receipts", len(s.lists(&v1.MemoryFilter{Kinds: []string{"receipt"}})), 1)
}

func requestReused(s *scene) {
	_, err := s.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: receipt("Paid 13 francs"), RequestId: proto.String(s.request)})
	fails(err, "INVALID_ARGUMENT", "REQUEST_ID_REUSED")
}

func lostAnswer(s *scene) {
	id, ctx := s.id("lose", 1)
	request := &v1.WriteMemoryRequest{Memory: &v1.MemoryInput{Kind: "lost", Content: "Lost its umbrella"}}
	answer := must(s.WriteMemory(ctx, request))
	want("outcome", answer.GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	want("calls", len(s.saw(id, 2)), 2)
	want("lost", len(s.lists(&v1.MemoryFilter{Kinds: []string{"lost"}})), 1)
	want("the caller's own message has a request_id", request.RequestId != nil, false)
}

func neverRepeated(s *scene) {
	id, ctx := s.id("refuse", 1)
	_, err := s.CreateAgent(ctx, &v1.CreateAgentRequest{Handle: "agent-" + unique()})
	fails(err, "UNAVAILABLE", "STORAGE_UNAVAILABLE")
	want("calls", len(s.saw(id, 1)), 1)
}

func readAgain(s *scene) {
	request := &v1.GetMemoryRequest{MemoryId: s.drinkID}
	id, ctx := s.id("refuse", 2)
	must(s.GetMemory(ctx, request))
	want("calls", len(s.saw(id, 3)), 3)
	_, ctx = s.id("refuse", 1000)
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	within(soon, func() {
		_, err := s.GetMemory(ctx, request)
		failure, ok := errors.AsType[*cairn.Error](err)
		expected := ok && (failure.Code == connect.CodeUnavailable || failure.Code == connect.CodeDeadlineExceeded)
		want("fails with UNAVAILABLE or DEADLINE_EXCEEDED", expected, true)
	})
}

func atOnce(s *scene) {
	id, ctx := s.id("hold", 2)
	request := &v1.WriteMemoryRequest{
		Memory: &v1.MemoryInput{Kind: "twice", Content: "Said twice at once"}, RequestId: proto.String(unique()),
	}
	type ending struct {
		answer *v1.WriteMemoryResponse
		err    error
	}
	endings := make(chan ending, 2)
	for range 2 {
		go func() {
			answer, err := s.WriteMemory(ctx, request)
			endings <- ending{answer, err}
		}()
	}
	one, other := <-endings, <-endings
	first, second := must(one.answer, one.err), must(other.answer, other.err)
	want("first outcome", first.GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	want("second outcome", second.GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	want("second id", second.GetMemory().GetId(), first.GetMemory().GetId())
	count := map[string]int{}
	calls := s.saw(id, 4)
	for _, call := range calls {
		count[call.Code]++
	}
	want("calls that were done", count["ok"], 2)
	want(fmt.Sprintf("of %v two and more were refused", count), count["aborted"] >= 2 && count["aborted"] == len(calls)-2, true)
	want("listed", len(s.lists(&v1.MemoryFilter{Kinds: []string{"twice"}})), 1)
}

func batch(s *scene) {
	three := func(kind string) []*v1.WriteMemoryRequest {
		var writes []*v1.WriteMemoryRequest
		for _, content := range []string{"One", " ", "Three"} {
			writes = append(writes, &v1.WriteMemoryRequest{Memory: &v1.MemoryInput{Kind: kind, Content: content}})
		}
		return writes
	}
	answer := must(s.BatchWriteMemories(s.ctx, &v1.BatchWriteMemoriesRequest{Writes: three("batch"), Atomic: proto.Bool(false)}))
	results := answer.GetResults()
	want("results", len(results), 3)
	want("first", results[0].GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	want("second's code", results[1].GetError().GetCode(), 3)
	want("second's field", results[1].GetError().GetField(), "memory.content")
	want("third", results[2].GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	_, err := s.BatchWriteMemories(s.ctx, &v1.BatchWriteMemoriesRequest{Writes: three("atomic"), Atomic: proto.Bool(true)})
	fails(err, "INVALID_ARGUMENT", "INVALID_FIELD")
	want("written", len(s.lists(&v1.MemoryFilter{Kinds: []string{"atomic"}})), 0)
}
