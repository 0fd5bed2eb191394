package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	cairn "github.com/cairn-memory/cairn-go"
	v1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"google.golang.org/protobuf/proto"
)

func codeOf(err error) string {
	if failure, ok := errors.AsType[*cairn.Error](err); ok {
		return strings.ToUpper(failure.Code.String())
	}
	return fmt.Sprint(err)
}

func whoAreYou(s *scene) {
	for key, reason := range map[string]string{"": "CREDENTIALS_MISSING", "cairn_wrong": "CREDENTIALS_INVALID"} {
		stranger := s.with(key)
		_, err := stranger.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: s.drinkID})
		fails(err, "UNAUTHENTICATED", reason)
		must(0, stranger.Close())
	}
}

func forbidden(s *scene) {
	reader := s.with(s.run.ReadKey)
	_, err := reader.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: drink()})
	failure := fails(err, "PERMISSION_DENIED", "SCOPE_MISSING", "scope", "memory:write")
	want("the error names the call", failure.CallID != "", true)
	must(0, reader.Close())
}

func notFoundNotValid(s *scene) {
	_, err := s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: "f3a1c0de-5b7e-4c1d-9a52-0d6f0a1b2c3d"})
	fails(err, "NOT_FOUND", "MEMORY_NOT_FOUND")
	_, err = s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: "abc"})
	fails(err, "INVALID_ARGUMENT", "INVALID_FIELD", "field", "memory_id")
}

func unicode(s *scene) {
	pattern := []rune("Grüße 你好 שלום 👋🏽 ")
	points := slices.Repeat(pattern, 50_001/len(pattern)+1)
	content := string(points[:50_000])
	written := s.writes(&v1.MemoryInput{Kind: "unicode", Content: content})
	read := must(s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: written.GetMemory().GetId()}))
	want("the content is equal", read.GetMemory().GetContent() == content, true)
	tooLong := &v1.MemoryInput{Kind: "unicode", Content: string(points[:50_001])}
	_, err := s.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: tooLong})
	fails(err, "INVALID_ARGUMENT", "INVALID_FIELD", "field", "memory.content")
}

func paging(s *scene) {
	request := &v1.ListMemoriesRequest{Filter: &v1.MemoryFilter{Kinds: []string{"note"}}, PageSize: 7}
	var all []string
	for memory, err := range s.AllMemories(s.ctx, request) {
		must(0, err)
		all = append(all, memory.GetId())
	}
	descending(all)
	var paged []string
	pages := 0
	for {
		page := must(s.ListMemories(s.ctx, request))
		pages++
		for _, memory := range page.GetMemories() {
			paged = append(paged, memory.GetId())
		}
		if request.PageToken = page.GetNextPageToken(); request.PageToken == "" {
			break
		}
	}
	descending(paged)
	want("pages", pages, 15)
}

// descending panics unless there are 100 ids, each smaller than the one before, so none is there twice.
func descending(ids []string) {
	want("memories", len(ids), 100)
	for at := 1; at < len(ids); at++ {
		want("ids fall", ids[at] < ids[at-1], true)
	}
}

func filters(s *scene) {
	deal := func(subject string, entities []*v1.LinkedEntity, tags ...string) {
		s.writes(&v1.MemoryInput{
			SubjectType: "person", SubjectId: &subject, Kind: "deal", Content: "A deal with " + subject,
			Tags: tags, LinkedEntities: entities,
		})
	}
	bern := &v1.LinkedEntity{Type: "city", Id: "bern"}
	deal("bob", nil, "red")
	deal("bob", []*v1.LinkedEntity{bern}, "red", "blue")
	deal("eve", nil, "blue")
	found := func(filter *v1.MemoryFilter) int {
		filter.Kinds = []string{"deal"}
		return len(s.lists(filter))
	}
	want("by subject", found(&v1.MemoryFilter{SubjectType: proto.String("person"), SubjectId: proto.String("bob")}), 2)
	want("by all tags", found(&v1.MemoryFilter{TagsAll: []string{"red", "blue"}}), 1)
	want("by no tag", found(&v1.MemoryFilter{TagsNone: []string{"red"}}), 1)
	want("by linked entity", found(&v1.MemoryFilter{LinkedEntity: bern}), 1)
}

func historyAndPurge(s *scene) {
	history := &v1.ListRevisionsRequest{MemoryId: s.drinkID}
	revisions := must(s.ListRevisions(s.ctx, history)).GetRevisions()
	want("there are revisions", len(revisions) > 0, true)
	for at, revision := range revisions {
		want("revision", revision.GetRevision(), int32(len(revisions)-at))
	}
	purged := must(s.PurgeMemory(s.ctx, &v1.PurgeMemoryRequest{MemoryId: s.drinkID}))
	want("id", purged.GetMemoryId(), s.drinkID)
	_, err := s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: s.drinkID, ShowDeleted: true})
	fails(err, "NOT_FOUND", "MEMORY_NOT_FOUND")
	left := must(s.ListRevisions(s.ctx, history)).GetRevisions()
	want("revisions left", len(left), 1)
	want("the one left", left[0].GetChange(), v1.Change_CHANGE_PURGED)
	want("it has a memory", left[0].GetMemory() != nil, false)
}
