package worker

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/frame"
	"protolith.dev/runtime/go/meta"
)

// opening is a call that the host makes.
type opening struct {
	method  string
	message mem.BufferSlice
	has     bool // there is a message already
	end     bool // no further message comes
	unary   bool
}

// start sends REQUEST and what of the message comes after it.
func (c *Conn) start(ctx context.Context, o opening) (*stream, error) {
	index, ok := c.methods[o.method]
	if !ok {
		return nil, status.Errorf(codes.Unimplemented, "worker %s does not serve %s", c.config.Name, o.method)
	}
	if err := c.checkSize(o.message.Len()); err != nil {
		return nil, err
	}
	timeout, err := timeoutOf(ctx)
	if err != nil {
		return nil, err
	}
	var space [512]byte
	block, err := appendAll(space[:0], meta.Goes(ctx))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.outbox.wait(ctx, &c.mu); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	s, err := c.enter(o.unary)
	if err != nil {
		return nil, err
	}
	return s, s.request(ctx, frame.RequestHead{Method: index, Timeout: timeout, Metadata: block}, o)
}

// enter gives a new stream an id, if the worker takes one more.
func (c *Conn) enter(unary bool) (*stream, error) {
	if c.err != nil || c.draining.Load() {
		return nil, &Lost{Name: c.config.Name, Unsent: true}
	}
	if c.open.Load() >= int64(c.config.MaxInFlight) {
		return nil, ErrFull
	}
	c.open.Add(1)
	s := streams.Get().(*stream)
	*s = stream{conn: c, id: c.nextID(), unary: unary, wake: s.wake, queue: s.queue[:0], balance: c.config.Credit}
	c.streams[s.id] = s
	return s, nil
}

// streams keeps what unary calls need; a stream comes back when nobody else can have it any more.
var streams = sync.Pool{New: func() any { return &stream{wake: make(chan struct{}, 1)} }}

func (c *Conn) nextID() uint32 {
	for {
		c.lastID += 2
		if c.lastID > 1<<31-1 {
			c.lastID = 1
		}
		if c.streams[c.lastID] == nil {
			return c.lastID
		}
	}
}

// request writes the frames that open the stream; the lock is held.
func (s *stream) request(ctx context.Context, head frame.RequestHead, o opening) error {
	message := newPieces(o.message)
	n := min(message.left, frame.Piece, frame.MaxPayload-head.Size())
	flags, last := frame.Flags(0), frame.Flags(0)
	if o.end {
		last = frame.End
	}
	if !o.has {
		flags = frame.NoMessage
	} else if n < message.left {
		flags = frame.More
	}
	if flags&frame.More == 0 {
		flags |= last
	}
	out := &s.conn.outbox
	out.pending = frame.AppendHeader(out.pending, head.Size()+n, s.id, frame.Request, flags)
	out.pending = frame.AppendRequestHead(out.pending, head)
	out.pending = message.appendTo(out.pending, n)
	out.wake()
	if flags&frame.More == 0 {
		return nil
	}
	return s.settle(s.sendData(ctx, &message, last))
}

// settle makes of sendData's error that of the call; a stream that ended meanwhile tells it by its result.
func (s *stream) settle(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	err = status.FromContextError(err).Err()
	s.cancel(err)
	return err
}

// checkSize refuses a message above the limit.
func (c *Conn) checkSize(n int) error {
	if n <= c.config.MaxMessageBytes {
		return nil
	}
	return status.Errorf(codes.ResourceExhausted, "trying to send message larger than max (%d vs. %d)", n, c.config.MaxMessageBytes)
}

// timeoutOf is the time that the call has, in microseconds; 0: no limit.
func timeoutOf(ctx context.Context) (uint64, error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0, nil
	}
	left := time.Until(deadline)
	if left <= 0 {
		return 0, status.FromContextError(context.DeadlineExceeded).Err()
	}
	return uint64(max(left.Microseconds(), 1)), nil
}

// Answer is what a unary call brought.
type Answer struct {
	Message []byte
	Header  metadata.MD
	Trailer metadata.MD
}

// Call makes a unary call. It does not keep message.
func (c *Conn) Call(ctx context.Context, method string, message mem.BufferSlice) (Answer, error) {
	s, err := c.start(ctx, opening{method: method, message: message, has: true, end: true, unary: true})
	if err != nil {
		return Answer{}, err
	}
	select {
	case <-s.wake: // the end: nobody else has the stream now
	case <-ctx.Done():
		return Answer{}, s.abandon(ctx)
	}
	answer, err := s.answer()
	clear(s.queue)
	streams.Put(s)
	return answer, err
}

// answer is what a unary call that has ended brought.
func (s *stream) answer() (Answer, error) {
	a := Answer{Header: parseAll(s.headers), Trailer: parseAll(s.outcome.Metadata)}
	if err := s.result(); err != nil {
		return a, err
	}
	if len(s.queue) != 1 {
		return a, status.Errorf(codes.Internal, "worker %s answered %d messages to a unary call", s.conn.config.Name, len(s.queue))
	}
	a.Message = s.queue[0].data
	return a, nil
}
