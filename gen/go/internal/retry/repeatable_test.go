package retry_test

import (
	"testing"

	cairnv1 "github.com/cairn-memory/cairn-go/gen/cairn/v1"
	"github.com/cairn-memory/cairn-go/internal/retry"
	"google.golang.org/protobuf/proto"
)

func TestOnlyWhatIsSafeIsRepeated(t *testing.T) {
	for _, c := range []struct {
		procedure string
		request   proto.Message
		wanted    bool
	}{
		{"/cairn.v1.MemoryService/GetMemory", &cairnv1.GetMemoryRequest{}, true},
		{"/cairn.v1.AgentService/DeleteAgent", &cairnv1.DeleteAgentRequest{}, true},
		{"/cairn.v1.MemoryService/WriteMemory", &cairnv1.WriteMemoryRequest{}, true},
		{"/cairn.v1.MemoryService/PurgeMemory", &cairnv1.PurgeMemoryRequest{}, false},
		{"/cairn.v1.AgentService/CreateAgent", &cairnv1.CreateAgentRequest{}, false},
		{"/cairn.v1.MemoryService/Unknown", &cairnv1.PurgeMemoryRequest{}, false},
	} {
		if _, safe := retry.Prepare(c.procedure, c.request); safe != c.wanted {
			t.Errorf("%s: safe is %t", c.procedure, safe)
		}
	}
}

func TestARequestIDIsFilledInACopyAndTheCallersIsKept(t *testing.T) {
	const procedure = "/cairn.v1.MemoryService/WriteMemory"
	request := &cairnv1.WriteMemoryRequest{}
	first, _ := retry.Prepare(procedure, request)
	second, _ := retry.Prepare(procedure, request)
	id := first.(*cairnv1.WriteMemoryRequest).GetRequestId()
	if len(id) != 36 || id == second.(*cairnv1.WriteMemoryRequest).GetRequestId() || request.RequestId != nil {
		t.Errorf("filled with %q, and the caller's is %v", id, request.RequestId)
	}
	request.RequestId = proto.String("mine")
	if kept, _ := retry.Prepare(procedure, request); kept.(*cairnv1.WriteMemoryRequest).GetRequestId() != "mine" {
		t.Error("the caller's was replaced")
	}
}
