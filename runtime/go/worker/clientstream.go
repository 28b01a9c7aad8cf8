package worker

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/frame"
	"protolith.dev/runtime/go/raw"
)

// Pool is where a call finds its worker.
type Pool interface {
	// Choose takes a worker other than avoid, which may be nil.
	Choose(avoid *Conn) (*Conn, error)
	// Again tells whether a call that failed may be tried once more, and takes that from the budget.
	Again(method string, err error) bool
}

// clientStream is a streaming call of the host, as grpc-go's own clients have it.
type clientStream struct {
	ctx    context.Context
	pool   Pool
	method string
	desc   grpc.StreamDesc
	conn   *Conn
	s      *stream         // nil until REQUEST: that of a server stream goes out with its message
	closed bool            // the sending side
	repeat mem.BufferSlice // the message of a server stream, until its first answer
}

var errEarly = status.Error(codes.Internal, "an answer was awaited before the request was sent")

// NewStream makes a streaming call. The worker sees a client stream at once, a server stream with its message.
func NewStream(ctx context.Context, pool Pool, desc *grpc.StreamDesc, method string) (grpc.ClientStream, error) {
	cs := &clientStream{ctx: ctx, pool: pool, method: method, desc: *desc}
	if !desc.ClientStreams {
		return cs, nil
	}
	return cs, cs.open(opening{method: method})
}

// open finds a worker that takes the call. One that has just gone has not seen it.
func (cs *clientStream) open(o opening) error {
	for {
		conn, err := cs.pool.Choose(cs.conn)
		if err != nil {
			return err
		}
		cs.conn = conn
		s, err := conn.start(cs.ctx, o)
		if Unsent(err) {
			continue
		}
		if err != nil {
			return err
		}
		cs.s = s
		cs.follow()
		return nil
	}
}

// follow cancels the call when its context ends.
func (cs *clientStream) follow() {
	s := cs.s
	stop := context.AfterFunc(cs.ctx, func() { _ = s.abandon(cs.ctx) })
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.onEnd = func() { stop() }
	if s.ended {
		stop()
	}
}

func (cs *clientStream) Context() context.Context { return cs.ctx }

func (cs *clientStream) SendMsg(m any) error {
	message, err := raw.Codec.Marshal(m)
	if err != nil {
		return status.Errorf(codes.Internal, "the request cannot be serialized: %v", err)
	}
	if cs.s == nil {
		cs.closed, cs.repeat = true, message
		return cs.open(opening{method: cs.method, message: message, has: true, end: true})
	}
	defer message.Free()
	if err := cs.conn.checkSize(message.Len()); err != nil {
		return err
	}
	cs.conn.mu.Lock()
	defer cs.conn.mu.Unlock()
	rest := newPieces(message)
	err = cs.s.sendData(cs.ctx, &rest, 0)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return cs.s.settle(err)
}

func (cs *clientStream) CloseSend() error {
	if cs.closed {
		return nil
	}
	cs.closed = true
	if cs.s == nil {
		return cs.open(opening{method: cs.method, end: true})
	}
	cs.conn.mu.Lock()
	defer cs.conn.mu.Unlock()
	if !cs.s.ended {
		out := &cs.conn.outbox
		out.pending = frame.AppendHeader(out.pending, 0, cs.s.id, frame.Data, frame.End|frame.NoMessage)
		out.wake()
	}
	return nil
}

// again tries a server stream on another worker.
func (cs *clientStream) again(err error) bool {
	if cs.repeat == nil || !cs.pool.Again(cs.method, err) {
		return false
	}
	defer cs.forget()
	return cs.open(opening{method: cs.method, message: cs.repeat, has: true, end: true}) == nil
}

// forget gives back the message that is not sent again.
func (cs *clientStream) forget() {
	cs.repeat.Free()
	cs.repeat = nil
}

// RecvMsg takes the next answer. The only one of a client stream counts when the call has ended well.
func (cs *clientStream) RecvMsg(m any) error {
	if cs.s == nil {
		return errEarly
	}
	data, err := cs.s.next(cs.ctx)
	if err != nil && cs.again(err) {
		data, err = cs.s.next(cs.ctx)
	}
	cs.forget()
	if err != nil {
		return err
	}
	if !cs.desc.ServerStreams {
		if _, err := cs.s.next(cs.ctx); err == nil {
			return status.Error(codes.Internal, "more than one answer to a call that has one")
		} else if !errors.Is(err, io.EOF) {
			return err
		}
	}
	return raw.Decode(data, m)
}

func (cs *clientStream) Header() (metadata.MD, error) {
	if cs.s == nil {
		return nil, errEarly
	}
	md, err := cs.s.header(cs.ctx)
	if err != nil && cs.again(err) {
		md, err = cs.s.header(cs.ctx)
	}
	var lost *Lost
	if errors.As(err, &lost) {
		return nil, nil // RecvMsg tells it
	}
	return md, err
}

func (cs *clientStream) Trailer() metadata.MD {
	if cs.s == nil {
		return nil
	}
	cs.conn.mu.Lock()
	defer cs.conn.mu.Unlock()
	return parseAll(cs.s.outcome.Metadata)
}

// header waits for the initial metadata.
func (s *stream) header(ctx context.Context) (metadata.MD, error) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	for !s.headed {
		if s.onHeader == nil {
			s.onHeader = make(chan struct{})
		}
		arrived := s.onHeader
		s.conn.mu.Unlock()
		select {
		case <-arrived:
			s.conn.mu.Lock()
		case <-ctx.Done():
			err := s.abandon(ctx)
			s.conn.mu.Lock()
			return nil, err
		}
	}
	return parseAll(s.headers), s.failure
}
