package retry

import (
	"crypto/rand"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Prepare answers the message to send for a request, and whether sending it again is safe: the procedure is declared free of side
// effects or idempotent, or the message has a request_id. An empty request_id is filled in a copy, as the caller may send its own
// message again and mean another write. The procedure is as in a URL's path: /cairn.v1.MemoryService/GetMemory.
func Prepare(procedure string, request any) (any, bool) {
	if Idempotent(procedure) {
		return request, true
	}
	message, ok := request.(proto.Message)
	if !ok {
		return request, false
	}
	field := message.ProtoReflect().Descriptor().Fields().ByName("request_id")
	if field == nil || field.Kind() != protoreflect.StringKind || field.IsList() {
		return request, false
	}
	if message.ProtoReflect().Get(field).String() == "" {
		message = proto.Clone(message)
		message.ProtoReflect().Set(field, protoreflect.ValueOfString(newUUID()))
	}
	return message, true
}

// Idempotent tells whether the contract declares a procedure free of side effects or idempotent; an unknown one is neither.
func Idempotent(procedure string) bool {
	name := protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(procedure, "/"), "/", "."))
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if err != nil {
		return false
	}
	options, ok := found.Options().(*descriptorpb.MethodOptions)
	return ok && options.GetIdempotencyLevel() != descriptorpb.MethodOptions_IDEMPOTENCY_UNKNOWN
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // Never fails: it ends the program instead.
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
