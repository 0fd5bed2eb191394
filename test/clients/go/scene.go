package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	cairn "github.com/cairn-memory/cairn-go"
	v1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// scene is one time through the steps, and what a step leaves for those after it.
type scene struct {
	client
	plan    plan
	run     run
	ctx     context.Context
	drinkID string
	// request is the request_id of step 14.
	request string
}

// steps in their order; each panics with what was wrong.
var steps = [31]func(*scene){
	write, readBack, writeAgain, upsert, neverTwice, onlyIfThere, compareAndSet, conflict, softDelete, restore,
	revive, expire, expiredBefore, idempotent, requestReused, lostAnswer, neverRepeated, readAgain, batch, search,
	stopEarly, cancel, deadline, whoAreYou, forbidden, notFoundNotValid, unicode, paging, filters, historyAndPurge,
	atOnce,
}

func newScene(told plan, at run) (*scene, error) {
	c, err := dial(told, at, at.Key)
	return &scene{client: c, plan: told, run: at, ctx: context.Background()}, err
}

func (s *scene) close() { must(0, s.Close()) }

// with makes another client of the same wire.
func (s *scene) with(key string) client { return must(dial(s.plan, s.run, key)) }

// id makes an x-request-id that the test server obeys, and a context that sends it.
func (s *scene) id(verb string, amount int) (string, context.Context) {
	id := fmt.Sprintf("scenario.%s.%d.%s", verb, amount, unique())
	return id, cairn.ContextWithHeader(s.ctx, "x-request-id", id)
}

type seen struct {
	Method, Code string
	Messages     int
}

// saw answers what the server saw of an id.
func (s *scene) saw(id string, atLeast int) []seen {
	answer := must(http.Get(fmt.Sprintf("%s/calls/%s?at_least=%d", s.plan.Control, id, atLeast)))
	defer answer.Body.Close()
	var calls []seen
	must(0, json.NewDecoder(answer.Body).Decode(&calls))
	return calls
}

// awaitBegin waits until a call of an id has reached the server, or the server has waited long enough.
func (s *scene) awaitBegin(id string) {
	if answer, err := http.Get(s.plan.Control + "/begun/" + id); err == nil {
		_ = answer.Body.Close()
	}
}

func drink() *v1.MemoryInput {
	return &v1.MemoryInput{
		SubjectType: "person", SubjectId: proto.String("ada"), Kind: "preference", Key: proto.String("drink"),
		Title: "Drink", Content: "Prefers green tea in the morning",
		Metadata:       &structpb.Struct{Fields: map[string]*structpb.Value{"cups": structpb.NewNumberValue(2)}},
		Tags:           []string{"food", "morning"},
		LinkedEntities: []*v1.LinkedEntity{{Type: "project", Id: "cairn"}},
		Confidence:     proto.Float64(0.9), Visibility: v1.Visibility_VISIBILITY_SHARED,
	}
}

func (s *scene) writes(input *v1.MemoryInput) *v1.WriteMemoryResponse {
	return must(s.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: input}))
}

func (s *scene) drink() (*v1.Memory, error) {
	answer, err := s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: s.drinkID})
	return answer.GetMemory(), err
}

func (s *scene) lists(filter *v1.MemoryFilter) []*v1.Memory {
	return must(s.ListMemories(s.ctx, &v1.ListMemoriesRequest{Filter: filter})).GetMemories()
}

// want panics unless both are equal.
func want[T comparable](what string, got, wanted T) {
	if got != wanted {
		panic(fmt.Sprintf("%s: %v came, not %v", what, got, wanted))
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// fails panics unless the error has the code and the reason, and the metadata given as pairs.
func fails(err error, code, reason string, metadata ...string) *cairn.Error {
	failure, ok := errors.AsType[*cairn.Error](err)
	if !ok {
		panic(fmt.Sprintf("%s, %s expected, but this came: %v", code, reason, err))
	}
	want("code", strings.ToUpper(failure.Code.String()), code)
	want("reason", failure.Reason, reason)
	for at := 0; at < len(metadata); at += 2 {
		want("metadata "+metadata[at], failure.Metadata[metadata[at]], metadata[at+1])
	}
	return failure
}

func within(limit time.Duration, do func()) {
	began := time.Now()
	do()
	if took := time.Since(began); took > limit {
		panic(fmt.Sprintf("took %v, more than %v", took, limit))
	}
}
