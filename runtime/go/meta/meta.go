// Package meta carries the metadata of a call from its listener to its backend without copying it at every step,
// as grpc-go's own functions do. Whoever adds metadata on the way calls [Outgoing] with the whole of it.
package meta

import (
	"context"

	"google.golang.org/grpc/metadata"
)

type (
	incomingKey struct{}
	outgoingKey struct{}
)

// carrier is a context with one value at hand.
type carrier struct {
	context.Context
	key any
	md  metadata.MD
}

func (c *carrier) Value(key any) any {
	if key == c.key {
		return c.md
	}
	return c.Context.Value(key)
}

// Incoming keeps the metadata that came with a call. Nobody may change it from then on.
func Incoming(ctx context.Context, md metadata.MD) context.Context {
	return &carrier{ctx, incomingKey{}, md}
}

// Came is the metadata that came with a call.
func Came(ctx context.Context) metadata.MD {
	if md, ok := ctx.Value(incomingKey{}).(metadata.MD); ok {
		return md
	}
	md, _ := metadata.FromIncomingContext(ctx)
	return md
}

// Outgoing makes md the metadata of the call to a backend. A backend reads it with [Goes]; grpc-go does not see it
// before [ForGRPC].
func Outgoing(ctx context.Context, md metadata.MD) context.Context {
	return &carrier{ctx, outgoingKey{}, md}
}

// Goes is the metadata of the call to a backend.
func Goes(ctx context.Context) metadata.MD {
	if md, ok := ctx.Value(outgoingKey{}).(metadata.MD); ok {
		return md
	}
	md, _ := metadata.FromOutgoingContext(ctx)
	return md
}

// ForGRPC shows the metadata of the call to a backend to grpc-go.
func ForGRPC(ctx context.Context) context.Context {
	if md, ok := ctx.Value(outgoingKey{}).(metadata.MD); ok {
		return metadata.NewOutgoingContext(ctx, md)
	}
	return ctx
}
