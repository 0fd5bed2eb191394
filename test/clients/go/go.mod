module cairn/test/clients/go

go 1.26.0

require (
	connectrpc.com/connect v1.21.1
	github.com/cairn-memory/cairn-go v0.1.0
	github.com/cairn-memory/cairn-go/grpc v0.1.0
	google.golang.org/protobuf v1.36.12
)

require (
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20261019180522-ce908d29299b // indirect
	google.golang.org/grpc v1.85.0 // indirect
)

replace (
	github.com/cairn-memory/cairn-go => ../../../gen/go
	github.com/cairn-memory/cairn-go/grpc => ../../../gen/go/grpc
)
