package worker

import (
	"context"
	"io"

	"protolith.dev/runtime/go/frame"
)

// sendData sends a message, or what is left of it, in DATA frames as credit allows. The lock is held.
func (s *stream) sendData(ctx context.Context, message *pieces, last frame.Flags) error {
	c := s.conn
	for {
		if err := c.outbox.wait(ctx, &c.mu); err != nil {
			return err
		}
		if err := s.awaitCredit(ctx); err != nil {
			return err
		}
		n, flags := min(message.left, frame.Piece), last
		if n < message.left {
			flags = frame.More
		}
		c.outbox.pending = frame.AppendHeader(c.outbox.pending, n, s.id, frame.Data, flags)
		c.outbox.pending = message.appendTo(c.outbox.pending, n)
		c.outbox.wake()
		s.balance -= frame.HeaderSize + n
		if flags&frame.More == 0 {
			return nil
		}
	}
}

// awaitCredit waits until DATA may be sent; io.EOF when the stream has ended.
func (s *stream) awaitCredit(ctx context.Context) error {
	for s.balance <= 0 && !s.ended {
		if s.credit == nil {
			s.credit = make(chan struct{})
		}
		credit := s.credit
		s.conn.mu.Unlock()
		select {
		case <-credit:
			s.conn.mu.Lock()
		case <-ctx.Done():
			s.conn.mu.Lock()
			return ctx.Err()
		}
	}
	if s.ended {
		return io.EOF
	}
	return nil
}
