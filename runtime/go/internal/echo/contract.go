// Package echo is a small contract with everything that generated code would make of it.
package echo

import (
	"context"
	_ "embed"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"protolith.dev/runtime/go/contract"
)

//go:embed image.binpb
var image []byte

// Contract is the table, as generated code writes it. Both services have the backend echo.
var Contract = contract.Contract{API: contract.API, OpenAPI: []byte(`{"openapi":"3.1.0","info":{"title":"Echo"}}`), Image: image, Services: []contract.Service{
	{
		Name: "echo.v1.EchoService", Backend: "echo",
		REST: func(ctx context.Context, mux *runtime.ServeMux, cc grpc.ClientConnInterface) error {
			return RegisterEchoServiceHandlerClient(ctx, mux, NewEchoServiceClient(cc))
		},
		Methods: []contract.Method{
			{Name: "Create", Public: true},
			{Name: "Get", Public: true, Idempotency: contract.NoSideEffects},
			{Name: "List", Public: true},
			{Name: "Update", Public: true},
			{Name: "Confirm", Public: true},
			{Name: "Watch", Public: true, ServerStreaming: true},
			{Name: "Upload", Public: true, ClientStreaming: true},
			{Name: "Talk", Public: true, ClientStreaming: true, ServerStreaming: true},
			{Name: "Secret"},
		},
	},
	{Name: "echo.v1.HiddenService", Backend: "echo", Methods: []contract.Method{{Name: "Peek"}}},
}}
