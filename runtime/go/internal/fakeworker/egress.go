package fakeworker

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"protolith.dev/runtime/go/frame"
)

// Invoke and NewStream make the worker a grpc.ClientConnInterface: calls go out through the host.
func (w *Worker) Invoke(ctx context.Context, path string, args, reply any, opts ...grpc.CallOption) error {
	cs, err := w.NewStream(ctx, &grpc.StreamDesc{}, path, opts...)
	if err != nil {
		return err
	}
	if err := cs.SendMsg(args); err != nil {
		return err
	}
	if err := cs.CloseSend(); err != nil {
		return err
	}
	err = cs.RecvMsg(reply)
	for _, o := range opts {
		switch o := o.(type) {
		case grpc.HeaderCallOption:
			*o.HeaderAddr, _ = cs.Header()
		case grpc.TrailerCallOption:
			*o.TrailerAddr = cs.Trailer()
		}
	}
	return err
}

// NewStream opens an egress stream.
func (w *Worker) NewStream(ctx context.Context, desc *grpc.StreamDesc, path string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last += 2
	c := newCall(w, w.last)
	c.ctx, c.cancel = context.WithCancel(ctx)
	w.streams[c.id] = c
	md, _ := metadata.FromOutgoingContext(ctx)
	head := frame.RequestHead{Method: uint32(slices.Index(w.hello.Methods, path)), Metadata: block(md)}
	if deadline, ok := ctx.Deadline(); ok {
		head.Timeout = uint64(time.Until(deadline).Microseconds())
	}
	w.write(frame.AppendRequestHead(frame.AppendHeader(nil, head.Size(), c.id, frame.Request, frame.NoMessage), head))
	context.AfterFunc(c.ctx, func() { w.cancel(c) })
	return &egress{call: c, single: !desc.ServerStreams}, w.out.Flush()
}

func (w *Worker) cancel(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.streams[c.id] == c {
		delete(w.streams, c.id)
		code := uint32(1)
		if errors.Is(c.ctx.Err(), context.DeadlineExceeded) {
			code = 4
		}
		w.write(frame.AppendNumber(nil, c.id, frame.Cancel, code))
		_ = w.out.Flush()
	}
	c.wake()
}

// answered takes the RESPONSE of an egress call.
func (c *call) answered(f frame.Frame) {
	h, message, _ := frame.ParseResponse(f)
	if !f.Has(frame.NoMessage) {
		c.queue, c.costs = append(c.queue, slices.Clone(message)), append(c.costs, 0)
	}
	c.result = frame.ResponseHead{Code: h.Code, Status: slices.Clone(h.Status), Metadata: slices.Clone(h.Metadata)}
	c.done = true
	delete(c.w.streams, c.id)
	c.wake()
}

// egress is an egress call as a grpc.ClientStream.
type egress struct {
	*call
	single bool
}

func (e *egress) SendMsg(m any) error {
	data, err := proto.Marshal(m.(proto.Message))
	if err != nil {
		return err
	}
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	if e.done {
		return io.EOF
	}
	return e.send(data, 0)
}

func (e *egress) CloseSend() error {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	if !e.done {
		e.w.write(frame.AppendHeader(nil, 0, e.id, frame.Data, frame.End|frame.NoMessage))
	}
	return e.w.out.Flush()
}

func (e *egress) RecvMsg(m any) error {
	e.w.mu.Lock()
	data, err := e.next()
	code, bytes := e.result.Code, e.result.Status
	e.w.mu.Unlock()
	if err == nil {
		return proto.Unmarshal(data, m.(proto.Message))
	}
	if errors.Is(err, io.EOF) && code != 0 {
		p := &spb.Status{}
		_ = proto.Unmarshal(bytes, p)
		return status.FromProto(p).Err()
	}
	return err
}

func (e *egress) Header() (metadata.MD, error) { return e.header, nil }

func (e *egress) Trailer() metadata.MD {
	md, _ := frame.ParseMetadata(e.result.Metadata)
	return md
}
