// Package edge serves gRPC: messages pass through as bytes, and only the rpcs of the given table exist.
package edge

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/tap"

	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/guard"
	"protolith.dev/runtime/go/meta"
	"protolith.dev/runtime/go/proxy"
	"protolith.dev/runtime/go/raw"
)

// Config is what one gRPC listener serves.
type Config struct {
	Contract        contract.Contract               // exactly the rpcs to serve
	Calls           func(method string) *proxy.Call // by full name
	Health          *health.Server
	MaxMessageBytes int
}

// streamWorkers is how many goroutines are kept for calls: growing the stack of a new one costs a sixth of a small call.
// More calls than these get goroutines of their own.
const streamWorkers = 128

// maxStreams is how many calls one connection may have open: more than any queue takes, so that a full one answers itself.
const maxStreams = 1 << 15

// Windows in bytes. Fixed ones spare the pings by which grpc-go estimates the bandwidth.
const (
	streamWindow = 256 << 10
	connWindow   = 1 << 20
)

// New makes the server; any other rpc answers UNIMPLEMENTED without reaching a backend.
func New(c Config) (*grpc.Server, error) {
	server := grpc.NewServer(
		grpc.ForceServerCodecV2(raw.Codec),
		grpc.MaxRecvMsgSize(c.MaxMessageBytes),
		grpc.MaxSendMsgSize(c.MaxMessageBytes),
		grpc.ConnectionTimeout(10*time.Second),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 2 * time.Minute, Timeout: 20 * time.Second}),
		grpc.MaxConcurrentStreams(maxStreams),
		grpc.SharedWriteBuffer(true),
		grpc.NumStreamWorkers(streamWorkers),
		grpc.InitialWindowSize(streamWindow),
		grpc.InitialConnWindowSize(connWindow),
		grpc.InTapHandle(keepMetadata),
		grpc.UnaryInterceptor(recoverUnary),
		grpc.StreamInterceptor(recoverStream),
	)
	for _, s := range c.Contract.Services {
		server.RegisterService(describe(s, c.Calls), nil)
	}
	healthpb.RegisterHealthServer(server, c.Health)
	return server, reflect(server, c.Contract)
}

// keepMetadata sees the metadata of a call before grpc-go copies it.
func keepMetadata(ctx context.Context, info *tap.Info) (context.Context, error) {
	return meta.Incoming(ctx, info.Header), nil
}

func recoverUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
	defer guard.Recover(info.FullMethod, &err)
	return handler(ctx, req)
}

func recoverStream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	defer guard.Recover(info.FullMethod, &err)
	return handler(srv, ss)
}

// describe registers all kinds of rpc as streams: that hands the handler the stream itself, where
// headers and trailers are set without a look-up in the context.
func describe(s contract.Service, calls func(string) *proxy.Call) *grpc.ServiceDesc {
	desc := &grpc.ServiceDesc{ServiceName: s.Name, HandlerType: (*any)(nil)}
	for _, m := range s.Methods {
		call := calls(s.Path(m))
		desc.Streams = append(desc.Streams, grpc.StreamDesc{
			StreamName: m.Name, ClientStreams: m.ClientStreaming, ServerStreams: m.ServerStreaming,
			Handler: func(_ any, ss grpc.ServerStream) error { return call.Handle(ss) },
		})
	}
	return desc
}
