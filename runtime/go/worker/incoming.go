package worker

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/frame"
	"protolith.dev/runtime/go/meta"
	"protolith.dev/runtime/go/raw"
)

// Incoming is a call that the worker makes through the host (egress). It is a grpc.ServerStream.
type Incoming struct {
	Method  string
	ctx     context.Context
	cancel  context.CancelFunc
	s       *stream
	header  metadata.MD
	trailer metadata.MD
	sent    bool            // HEADERS went out
	only    mem.BufferSlice // the answer of a call that has one; goes with RESPONSE
	kept    bool            // only is set
}

// request opens a stream of the worker.
func (c *Conn) request(f frame.Frame) error {
	h, message, err := frame.ParseRequest(f)
	if err != nil {
		return err
	}
	if f.Stream%2 == 1 {
		return errors.New("the worker opened a stream with an odd id")
	}
	if c.streams[f.Stream] != nil {
		return errors.New("the stream is open already")
	}
	md, err := frame.ParseMetadata(h.Metadata)
	if err != nil {
		return err
	}
	s := &stream{conn: c, id: f.Stream, wake: make(chan struct{}, 1), balance: c.config.Credit}
	if int(h.Method) >= len(c.config.Methods) {
		s.respondError(status.Errorf(codes.Unimplemented, "the host has no rpc number %d", h.Method))
		return nil
	}
	if len(c.streams)-int(c.open.Load()) >= c.config.MaxInFlight {
		s.respondError(status.Error(codes.Unavailable, "too many calls in flight"))
		return nil
	}
	c.accept(s, c.config.Methods[h.Method], h.Timeout, md)
	if !s.receive(message, f.Flags, 0) {
		s.tooLarge()
	}
	return nil
}

func (c *Conn) accept(s *stream, method string, timeout uint64, md metadata.MD) {
	c.streams[s.id] = s
	in := &Incoming{Method: method, s: s}
	ctx := meta.Incoming(context.Background(), md)
	if timeout > 0 {
		in.ctx, in.cancel = context.WithTimeout(ctx, microseconds(timeout))
	} else {
		in.ctx, in.cancel = context.WithCancel(ctx)
	}
	s.onEnd = in.cancel
	go c.config.Accept(in)
}

// microseconds stays within what a Duration can hold: 30 years are as good as no limit.
func microseconds(n uint64) time.Duration {
	return time.Duration(min(n, 1e15)) * time.Microsecond
}

// Context ends with the call, its deadline or its connection.
func (in *Incoming) Context() context.Context { return in.ctx }

// RecvMsg takes the next request.
func (in *Incoming) RecvMsg(m any) error {
	data, err := in.s.next(in.ctx)
	if err != nil {
		return err
	}
	return raw.Decode(data, m)
}

// SetHeader keeps initial metadata until the first answer.
func (in *Incoming) SetHeader(md metadata.MD) error {
	in.header = metadata.Join(in.header, md)
	return nil
}

// SendHeader sends the initial metadata now.
func (in *Incoming) SendHeader(md metadata.MD) error {
	_ = in.SetHeader(md)
	in.s.conn.mu.Lock()
	defer in.s.conn.mu.Unlock()
	return in.sendHeader()
}

func (in *Incoming) sendHeader() error {
	if in.sent || in.s.ended {
		return nil
	}
	in.sent = true
	if len(in.header) == 0 {
		return nil
	}
	block, err := appendAll(nil, in.header)
	if err != nil {
		return err
	}
	out := &in.s.conn.outbox
	out.pending = append(frame.AppendHeader(out.pending, len(block), in.s.id, frame.Headers, 0), block...)
	out.wake()
	return nil
}

// SetTrailer adds to the trailing metadata.
func (in *Incoming) SetTrailer(md metadata.MD) { in.trailer = metadata.Join(in.trailer, md) }

// SendMsg sends one answer of a stream.
func (in *Incoming) SendMsg(m any) error {
	message, err := raw.Codec.Marshal(m)
	if err != nil {
		return status.Errorf(codes.Internal, "the answer cannot be serialized: %v", err)
	}
	defer message.Free()
	in.s.conn.mu.Lock()
	defer in.s.conn.mu.Unlock()
	if err := in.sendHeader(); err != nil {
		return err
	}
	return in.send(message)
}

func (in *Incoming) send(message mem.BufferSlice) error {
	rest := newPieces(message)
	err := in.s.sendData(in.ctx, &rest, 0)
	if errors.Is(err, io.EOF) {
		return status.Error(codes.Canceled, "the call has ended")
	}
	if err != nil {
		return status.FromContextError(err).Err()
	}
	return nil
}

// Single makes the answer go with RESPONSE: for calls that have one.
func (in *Incoming) Single() *Single { return &Single{Incoming: in} }

// Single is an Incoming that has one answer.
type Single struct{ *Incoming }

// SendMsg keeps the answer for Finish.
func (in *Single) SendMsg(m any) error {
	message, err := raw.Codec.Marshal(m)
	if err != nil {
		return status.Errorf(codes.Internal, "the answer cannot be serialized: %v", err)
	}
	in.only.Free()
	in.only, in.kept = message, true
	return nil
}

// Finish ends the call with the status of err.
func (in *Incoming) Finish(err error) {
	defer in.cancel()
	in.s.conn.mu.Lock()
	defer in.s.conn.mu.Unlock()
	defer func() { in.only.Free() }()
	head := frame.ResponseHead{}
	block, mdErr := appendAll(nil, in.trailer)
	if err == nil {
		err = mdErr
	}
	if err == nil {
		err = in.sendHeader()
	}
	inline := in.kept && in.only.Len() <= frame.Piece-len(block)
	if err == nil && in.kept && !inline {
		err = in.send(in.only)
	}
	if err != nil {
		head.Code, head.Status, inline = uint32(status.Code(err)), statusBytes(err), false
	}
	if len(block)+len(head.Status) <= frame.MaxMetadata {
		head.Metadata = block
	}
	if in.s.ended {
		return
	}
	if inline {
		message := newPieces(in.only)
		in.s.respond(head, &message)
	} else {
		in.s.respond(head, nil)
	}
	in.s.end(nil)
}

// respond sends RESPONSE and forgets the stream; the lock is held.
func (s *stream) respond(head frame.ResponseHead, message *pieces) {
	out := &s.conn.outbox
	if message == nil {
		out.pending = frame.AppendHeader(out.pending, head.Size(), s.id, frame.Response, frame.NoMessage)
		out.pending = frame.AppendResponseHead(out.pending, head)
	} else {
		out.pending = frame.AppendHeader(out.pending, head.Size()+message.left, s.id, frame.Response, 0)
		out.pending = message.appendTo(frame.AppendResponseHead(out.pending, head), message.left)
	}
	out.wake()
	delete(s.conn.streams, s.id)
}

func (s *stream) respondError(err error) {
	s.respond(frame.ResponseHead{Code: uint32(status.Code(err)), Status: statusBytes(err)}, nil)
}
