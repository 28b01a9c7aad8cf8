package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// connections is how many a gRPC load uses, as the load of the throughput runs does.
const connections = 4

// rawCodec sends *[]byte as it is, and receives into it.
type rawCodec struct{}

var _ encoding.CodecV2 = rawCodec{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*v.(*[]byte))}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}

func grpcCaller(target, path string, body []byte, streaming bool, size int) caller {
	var conns [connections]*grpc.ClientConn
	for i := range conns {
		conn, err := grpc.NewClient(
			target,
			grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.ForceCodecV2(rawCodec{})),
			grpc.WithSharedWriteBuffer(true),
		)
		if err != nil {
			log.Fatal(err)
		}
		conn.Connect()
		conns[i] = conn
	}
	var next atomic.Uint64
	one := unary
	if streaming {
		one = stream
	}
	return func(ctx context.Context) error {
		got, err := one(ctx, conns[next.Add(1)%connections], path, body)
		return checked(err, got, size)
	}
}

// checked is the failure of a call whose answer has the wrong size.
func checked(err error, got, want int) error {
	if err == nil && want >= 0 && got != want {
		return fmt.Errorf("the answer has %d bytes, not %d", got, want)
	}
	return err
}

func unary(ctx context.Context, conn *grpc.ClientConn, path string, body []byte) (int, error) {
	var answer []byte
	err := conn.Invoke(ctx, path, &body, &answer)
	return len(answer), err
}

func stream(ctx context.Context, conn *grpc.ClientConn, path string, body []byte) (int, error) {
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, path)
	if err != nil {
		return 0, err
	}
	if err := s.SendMsg(&body); err != nil {
		return 0, err
	}
	if err := s.CloseSend(); err != nil {
		return 0, err
	}
	for total := 0; ; {
		var message []byte
		if err := s.RecvMsg(&message); errors.Is(err, io.EOF) {
			return total, nil
		} else if err != nil {
			return total, err
		}
		total += len(message)
	}
}
