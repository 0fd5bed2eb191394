module github.com/cairn-memory/cairn-go/grpc

go 1.26.0

require (
	connectrpc.com/connect v1.21.1
	github.com/cairn-memory/cairn-go v0.1.0
	google.golang.org/genproto/googleapis/rpc v0.0.0-20261019180522-ce908d29299b
	google.golang.org/grpc v1.85.0
)

require (
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace github.com/cairn-memory/cairn-go => ../
