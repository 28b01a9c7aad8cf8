// Package proxy passes calls on to a backend as bytes: those of clients, and those of workers to other services.
package proxy

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/guard"
	"protolith.dev/runtime/go/meta"
	"protolith.dev/runtime/go/raw"
)

// maxAhead is how much earlier than its client's a call's deadline is, at most.
const maxAhead = 10 * time.Millisecond

// Call passes the calls of one rpc on.
type Call struct {
	path    string
	desc    grpc.StreamDesc
	backend grpc.ClientConnInterface
}

// New makes the way of one rpc to its backend.
func New(s contract.Service, m contract.Method, backend grpc.ClientConnInterface) *Call {
	return &Call{path: s.Path(m), backend: backend, desc: grpc.StreamDesc{
		StreamName: m.Name, ClientStreams: m.ClientStreaming, ServerStreams: m.ServerStreaming,
	}}
}

// Handle serves one call.
func (c *Call) Handle(ss grpc.ServerStream) (err error) {
	defer guard.Recover(c.path, &err)
	if c.desc.ClientStreams || c.desc.ServerStreams {
		return c.stream(ss)
	}
	return c.unary(ss)
}

// Single tells whether the call has exactly one answer.
func (c *Call) Single() bool { return !c.desc.ServerStreams }

// exchange is what one unary call needs, kept for the next.
type exchange struct {
	in, out         raw.Message
	header, trailer metadata.MD
	options         [2]grpc.CallOption
}

var exchanges = sync.Pool{New: func() any {
	x := &exchange{}
	x.options = [2]grpc.CallOption{grpc.Header(&x.header), grpc.Trailer(&x.trailer)}
	return x
}}

func (x *exchange) free() {
	x.in.Free()
	x.out.Free()
	x.header, x.trailer = nil, nil
	exchanges.Put(x)
}

func (c *Call) unary(ss grpc.ServerStream) error {
	x := exchanges.Get().(*exchange)
	defer x.free()
	if err := ss.RecvMsg(&x.in); err != nil {
		return err
	}
	ctx, cancel := outgoing(ss.Context())
	defer cancel()
	err := c.backend.Invoke(ctx, c.path, &x.in, &x.out, x.options[:]...)
	if len(x.trailer) > 0 {
		ss.SetTrailer(x.trailer)
	}
	if len(x.header) > 0 {
		if err := ss.SetHeader(x.header); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return ss.SendMsg(&x.out)
}

func (c *Call) stream(ss grpc.ServerStream) error {
	ctx, cancelDeadline := outgoing(ss.Context())
	defer cancelDeadline()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cs, err := c.backend.NewStream(ctx, &c.desc, c.path)
	if err != nil {
		return err
	}
	if c.desc.ClientStreams {
		go pump(ss, cs, cancel)
	} else if err := passOne(ss, cs); err != nil {
		return err
	}
	return answer(ss, cs)
}

// passOne passes the only request of a server stream on. A backend that has already answered says so in answer.
func passOne(ss grpc.ServerStream, cs grpc.ClientStream) error {
	var in raw.Message
	if err := ss.RecvMsg(&in); err != nil {
		return err
	}
	defer in.Free()
	if err := cs.SendMsg(&in); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return cs.CloseSend()
}

// pump passes requests on until the client or the backend ends. The handler's return ends ss and so this goroutine.
func pump(ss grpc.ServerStream, cs grpc.ClientStream, cancel context.CancelFunc) {
	for {
		var in raw.Message
		switch err := ss.RecvMsg(&in); {
		case errors.Is(err, io.EOF):
			_ = cs.CloseSend() // its outcome shows in answer
			return
		case err != nil:
			cancel()
			return
		}
		err := cs.SendMsg(&in)
		in.Free()
		if err != nil {
			return // the status shows in answer
		}
	}
}

func answer(ss grpc.ServerStream, cs grpc.ClientStream) error {
	header, err := cs.Header()
	if err == nil && len(header) > 0 {
		if err := ss.SendHeader(header); err != nil {
			return err
		}
	}
	for {
		var out raw.Message
		if err := cs.RecvMsg(&out); err != nil {
			ss.SetTrailer(cs.Trailer())
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		err := ss.SendMsg(&out)
		out.Free()
		if err != nil {
			return err
		}
	}
}

// outgoing makes the metadata of the caller that of the call to the backend, and its deadline a little earlier:
// grpc-go resets the stream when the deadline itself comes, which a client that counts later sees as CANCELLED.
func outgoing(ctx context.Context) (context.Context, context.CancelFunc) {
	out := meta.Outgoing(ctx, meta.Came(ctx))
	deadline, ok := ctx.Deadline()
	if !ok {
		return out, func() {}
	}
	return context.WithDeadline(out, deadline.Add(-min(time.Until(deadline)/20, maxAhead)))
}
