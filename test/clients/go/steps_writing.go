package main

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"time"

	v1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func unique() string { return rand.Text() }

func write(s *scene) {
	answer := s.writes(drink())
	s.drinkID = answer.GetMemory().GetId()
	want("outcome", answer.GetOutcome(), v1.Outcome_OUTCOME_CREATED)
	want("revision", answer.GetMemory().GetRevision(), 1)
	want("the id "+s.drinkID+" is a UUID", uuid.MatchString(s.drinkID), true)
	want("embedding", answer.GetMemory().GetEmbeddingStatus(), v1.EmbeddingStatus_EMBEDDING_STATUS_ATTACHED)
}

func readBack(s *scene) {
	got, input := must(s.drink()), drink()
	expected := &v1.Memory{
		Id: s.drinkID, SubjectType: input.SubjectType, SubjectId: input.SubjectId, Kind: input.Kind, Key: input.Key,
		Title: input.Title, Content: input.Content, Visibility: input.Visibility, Metadata: input.Metadata, Tags: input.Tags,
		LinkedEntities: input.LinkedEntities, Confidence: input.GetConfidence(), Revision: 1,
		// What the server decides.
		WorkspaceId: got.WorkspaceId, EmbeddingStatus: got.EmbeddingStatus, CreateTime: got.CreateTime, UpdateTime: got.UpdateTime,
	}
	if !proto.Equal(got, expected) {
		panic(fmt.Sprintf("%v came, not %v", got, expected))
	}
	want("created within five minutes", time.Since(got.GetCreateTime().AsTime()).Abs() < 5*time.Minute, true)
}

func writeAgain(s *scene) {
	answer := s.writes(drink())
	want("outcome", answer.GetOutcome(), v1.Outcome_OUTCOME_UNCHANGED)
	want("id", answer.GetMemory().GetId(), s.drinkID)
	want("revision", answer.GetMemory().GetRevision(), 1)
}

func upsert(s *scene) {
	input := drink()
	input.Content, input.Tags = "Prefers black coffee", nil
	answer := s.writes(input)
	want("outcome", answer.GetOutcome(), v1.Outcome_OUTCOME_UPDATED)
	want("id", answer.GetMemory().GetId(), s.drinkID)
	want("revision", answer.GetMemory().GetRevision(), 2)
	want("tags", len(answer.GetMemory().GetTags()), 0)
}

func neverTwice(s *scene) {
	_, err := s.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: drink(), Mode: v1.WriteMode_WRITE_MODE_CREATE_ONLY})
	fails(err, "ALREADY_EXISTS", "MEMORY_ALREADY_EXISTS", "memory_id", s.drinkID)
}

func onlyIfThere(s *scene) {
	input := drink()
	input.Key = proto.String("nothing")
	_, err := s.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: input, Mode: v1.WriteMode_WRITE_MODE_UPDATE_ONLY})
	fails(err, "NOT_FOUND", "MEMORY_NOT_FOUND")
}

func (s *scene) hotDrink() (*v1.UpdateMemoryResponse, error) {
	return s.UpdateMemory(s.ctx, &v1.UpdateMemoryRequest{
		MemoryId: s.drinkID, Memory: &v1.MemoryInput{Title: "Hot drink"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"title"}}, ExpectedRevision: proto.Int32(2),
	})
}

func compareAndSet(s *scene) {
	answer := must(s.hotDrink())
	want("outcome", answer.GetOutcome(), v1.Outcome_OUTCOME_UPDATED)
	want("revision", answer.GetMemory().GetRevision(), 3)
	want("title", answer.GetMemory().GetTitle(), "Hot drink")
	want("content", answer.GetMemory().GetContent(), "Prefers black coffee")
}

func conflict(s *scene) {
	_, err := s.hotDrink()
	fails(err, "ABORTED", "REVISION_MISMATCH", "revision", "3")
}

func softDelete(s *scene) {
	answer := must(s.DeleteMemory(s.ctx, &v1.DeleteMemoryRequest{MemoryId: s.drinkID}))
	want("delete_time is set", answer.GetMemory().GetDeleteTime() != nil, true)
	_, err := s.drink()
	fails(err, "NOT_FOUND", "MEMORY_NOT_FOUND")
	shown := must(s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: s.drinkID, ShowDeleted: true}))
	want("id", shown.GetMemory().GetId(), s.drinkID)
}

func restore(s *scene) {
	answer := must(s.RestoreMemory(s.ctx, &v1.RestoreMemoryRequest{MemoryId: s.drinkID}))
	want("delete_time is set", answer.GetMemory().GetDeleteTime() != nil, false)
	want("id", must(s.drink()).GetId(), s.drinkID)
}

func revive(s *scene) {
	must(s.DeleteMemory(s.ctx, &v1.DeleteMemoryRequest{MemoryId: s.drinkID}))
	answer := s.writes(drink())
	want("outcome", answer.GetOutcome(), v1.Outcome_OUTCOME_REVIVED)
	want("id", answer.GetMemory().GetId(), s.drinkID)
	want("delete_time is set", answer.GetMemory().GetDeleteTime() != nil, false)
}

func expire(s *scene) {
	visit := &v1.MemoryInput{Kind: "visit", Key: proto.String("today"), Content: "Is in town"}
	life := 1500 * time.Millisecond
	end := time.Now().Add(life)
	id := s.writeSoonOver(visit, end)
	for id == "" {
		life *= 2
		visit.Key, end = proto.String(fmt.Sprintf("today-%v", life)), time.Now().Add(life)
		id = s.writeSoonOver(visit, end)
	}
	time.Sleep(time.Until(end.Add(300 * time.Millisecond)))
	_, err := s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: id})
	fails(err, "NOT_FOUND", "MEMORY_NOT_FOUND")
	want("listed", len(s.lists(&v1.MemoryFilter{Kinds: []string{"visit"}})), 0)
	visit.ExpireTime = nil
	want("outcome", s.writes(visit).GetOutcome(), v1.Outcome_OUTCOME_REVIVED)
}

// writeSoonOver answers the id of what it has written and found; empty: a machine that stood still until the end found nothing.
func (s *scene) writeSoonOver(visit *v1.MemoryInput, end time.Time) string {
	visit.ExpireTime = timestamppb.New(end)
	answer, err := s.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: visit})
	if err == nil {
		want("outcome", answer.GetOutcome(), v1.Outcome_OUTCOME_CREATED)
		_, err = s.GetMemory(s.ctx, &v1.GetMemoryRequest{MemoryId: answer.GetMemory().GetId()})
	}
	if err != nil && !time.Now().Before(end) {
		return ""
	}
	must(0, err)
	return answer.GetMemory().GetId()
}

func expiredBefore(s *scene) {
	late := &v1.MemoryInput{Kind: "visit", Content: "Was in town", ExpireTime: timestamppb.New(time.Now().Add(-time.Hour))}
	_, err := s.WriteMemory(s.ctx, &v1.WriteMemoryRequest{Memory: late})
	fails(err, "INVALID_ARGUMENT", "EXPIRE_TIME_PAST")
}
