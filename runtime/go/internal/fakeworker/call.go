package fakeworker

import (
	"context"
	"io"
	"sync"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"protolith.dev/runtime/go/frame"
)

// call is one stream, opened by the host or (egress) by this worker. It is a grpc.ServerStream.
type call struct {
	w       *Worker
	id      uint32
	ctx     context.Context
	cancel  context.CancelFunc
	changed *sync.Cond // on w.mu

	queue   [][]byte
	costs   []int
	partial []byte
	half    bool
	balance int

	header  metadata.MD
	sent    bool
	trailer metadata.MD
	only    []byte // the answer of a unary call

	done   bool // egress: RESPONSE came
	result frame.ResponseHead
}

func newCall(w *Worker, id uint32) *call {
	c := &call{w: w, id: id, changed: sync.NewCond(&w.mu), balance: w.hello.Credit}
	return c
}

func (c *call) wake() { c.changed.Broadcast() }

func (c *call) receive(piece []byte, flags frame.Flags, cost int) {
	if flags&frame.NoMessage == 0 {
		c.partial = append(c.partial, piece...)
		if flags&frame.More != 0 {
			c.credit(cost)
		} else {
			c.queue, c.costs = append(c.queue, c.partial), append(c.costs, cost)
			c.partial = nil
		}
	}
	c.half = c.half || flags&frame.End != 0
	c.wake()
}

func (c *call) credit(n int) {
	if n > 0 {
		c.w.write(frame.AppendNumber(nil, c.id, frame.Credit, uint32(n)))
	}
}

// next takes the next message; the lock is held.
func (c *call) next() ([]byte, error) {
	stop := context.AfterFunc(c.ctx, func() {
		c.w.mu.Lock()
		defer c.w.mu.Unlock()
		c.wake()
	})
	defer stop()
	for len(c.queue) == 0 && !c.half && !c.done && c.ctx.Err() == nil {
		_ = c.w.out.Flush()
		c.changed.Wait()
	}
	if len(c.queue) > 0 {
		m, cost := c.queue[0], c.costs[0]
		c.queue, c.costs = c.queue[1:], c.costs[1:]
		c.credit(cost)
		_ = c.w.out.Flush()
		return m, nil
	}
	if c.ctx.Err() != nil {
		return nil, status.FromContextError(c.ctx.Err()).Err()
	}
	return nil, io.EOF
}

func (c *call) RecvMsg(v any) error {
	c.w.mu.Lock()
	data, err := c.next()
	c.w.mu.Unlock()
	if err != nil {
		return err
	}
	return proto.Unmarshal(data, v.(proto.Message))
}

// send sends a message in DATA frames; the lock is held.
func (c *call) send(data []byte, last frame.Flags) error {
	stop := context.AfterFunc(c.ctx, func() {
		c.w.mu.Lock()
		defer c.w.mu.Unlock()
		c.wake()
	})
	defer stop()
	for {
		for c.balance <= 0 && c.ctx.Err() == nil && !c.done {
			_ = c.w.out.Flush()
			c.changed.Wait()
		}
		if c.ctx.Err() != nil {
			return status.FromContextError(c.ctx.Err()).Err()
		}
		n, flags := min(len(data), frame.Piece), last
		if n < len(data) {
			flags = frame.More
		}
		c.w.write(append(frame.AppendHeader(nil, n, c.id, frame.Data, flags), data[:n]...))
		c.balance -= frame.HeaderSize + n
		data = data[n:]
		if flags&frame.More == 0 {
			return c.w.out.Flush()
		}
	}
}

func (c *call) SendMsg(v any) error {
	data, err := proto.Marshal(v.(proto.Message))
	if err != nil {
		return err
	}
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.sendHeader()
	return c.send(data, 0)
}

func (c *call) sendHeader() {
	if !c.sent && len(c.header) > 0 {
		block := block(c.header)
		c.w.write(append(frame.AppendHeader(nil, len(block), c.id, frame.Headers, 0), block...))
	}
	c.sent = true
}

func block(md metadata.MD) (b []byte) {
	for k, values := range md {
		for _, v := range values {
			b = frame.AppendMetadata(b, k, v)
		}
	}
	return b
}

// finish sends RESPONSE.
func (c *call) finish(err error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if c.w.streams[c.id] != c {
		c.cancel()
		return
	}
	c.sendHeader()
	head := frame.ResponseHead{Metadata: block(c.trailer)}
	if err != nil {
		head.Code = uint32(status.Code(err))
		head.Status, _ = proto.Marshal(status.Convert(err).Proto())
		c.only = nil
	} else if len(c.only) > frame.Piece {
		_ = c.send(c.only, 0)
		c.only = nil
	}
	flags := frame.Flags(0)
	if c.only == nil {
		flags = frame.NoMessage
	}
	b := frame.AppendHeader(nil, head.Size()+len(c.only), c.id, frame.Response, flags)
	c.w.write(append(frame.AppendResponseHead(b, head), c.only...))
	delete(c.w.streams, c.id)
	c.cancel()
	_ = c.w.out.Flush()
	c.w.exitWhenIdle()
}

func (c *call) Context() context.Context { return c.ctx }

func (c *call) SetHeader(md metadata.MD) error {
	c.header = metadata.Join(c.header, md)
	return nil
}

func (c *call) SendHeader(md metadata.MD) error {
	_ = c.SetHeader(md)
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.sendHeader()
	return c.w.out.Flush()
}

func (c *call) SetTrailer(md metadata.MD) { c.trailer = metadata.Join(c.trailer, md) }

// transportStream lets grpc.SetHeader and grpc.SetTrailer find the call.
type transportStream struct{ *call }

func (transportStream) Method() string                    { return "" }
func (t transportStream) SetTrailer(md metadata.MD) error { t.call.SetTrailer(md); return nil }
