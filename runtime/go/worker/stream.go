package worker

import (
	"context"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/frame"
)

// stream is one call in either direction. The connection's lock guards all fields.
type stream struct {
	conn *Conn
	id   uint32
	wake chan struct{} // capacity 1: something came in, or the stream ended

	unary    bool       // its caller waits for the end alone
	queue    []received // complete messages that nobody has taken
	partial  []byte     // of the message that is coming in
	half     bool       // the peer sends no further message
	owed     int        // credit to give back
	answered bool       // a frame has come in

	balance int           // credit to send DATA
	credit  chan struct{} // closed when credit comes or the stream ends; nil while nobody waits

	ended    bool
	outcome  frame.ResponseHead // of the peer's RESPONSE
	failure  error              // ended without a RESPONSE
	headers  []byte             // initial metadata
	headed   bool               // HEADERS came, or can come no more
	onHeader chan struct{}      // closed when headed; nil while nobody waits
	onEnd    func()             // an accepted stream: cancels its handler
}

// received is a message and what its last frame cost.
type received struct {
	data []byte
	cost int
}

func (s *stream) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// end closes the stream and wakes everybody who waits on it. Waking the caller comes last: a unary call gives its stream back.
func (s *stream) end(failure error) {
	if s.ended {
		return
	}
	s.ended = true
	s.failure = failure
	s.creditCame()
	s.headersCame(nil)
	if s.onEnd != nil {
		s.onEnd()
	}
	s.notify()
}

// lost ends a stream whose connection is gone.
func (s *stream) lost() {
	if s.opened() {
		s.conn.open.Add(-1)
	}
	s.end(&Lost{Name: s.conn.config.Name, Answered: s.answered})
}

// opened tells whether the host opened the stream.
func (s *stream) opened() bool { return s.id%2 == 1 }

func (s *stream) creditCame() {
	if s.credit != nil {
		close(s.credit)
		s.credit = nil
	}
}

func (s *stream) headersCame(metadata []byte) {
	if s.headed {
		return
	}
	s.headed = true
	s.headers = metadata
	if s.onHeader != nil {
		close(s.onHeader)
	}
}

// receive takes a piece of a message that cost bytes of credit. It reports false when the message is too large.
func (s *stream) receive(piece []byte, flags frame.Flags, cost int) bool {
	if flags&frame.NoMessage == 0 {
		if len(s.partial)+len(piece) > s.conn.config.MaxMessageBytes {
			return false
		}
		if flags&frame.More != 0 {
			s.partial = append(s.partial, piece...)
			s.giveBack(cost)
			return true
		}
		s.queue = append(s.queue, received{append(s.partial, piece...), cost})
		s.partial = nil
	}
	if flags&frame.End != 0 {
		s.half = true
	}
	if !s.unary {
		s.notify()
	}
	return true
}

// giveBack returns credit in lumps of a quarter of the window.
func (s *stream) giveBack(cost int) {
	s.owed += cost
	if s.owed >= s.conn.config.Credit/4 && !s.ended && !s.half {
		s.conn.outbox.pending = frame.AppendNumber(s.conn.outbox.pending, s.id, frame.Credit, uint32(s.owed))
		s.conn.outbox.wake()
		s.owed = 0
	}
}

// next takes the next message; io.EOF after the last of a peer that half-closed or answered OK.
func (s *stream) next(ctx context.Context) ([]byte, error) {
	for {
		s.conn.mu.Lock()
		message, err, ok := s.poll()
		s.conn.mu.Unlock()
		if ok {
			return message, err
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return nil, s.abandon(ctx)
		}
	}
}

func (s *stream) poll() ([]byte, error, bool) {
	switch {
	case len(s.queue) > 0:
		m := s.queue[0]
		s.queue[0] = received{}
		s.queue = s.queue[1:]
		s.giveBack(m.cost)
		return m.data, nil, true
	case s.ended:
		err := s.result()
		if err == nil {
			err = io.EOF
		}
		return nil, err, true
	case s.half:
		return nil, io.EOF, true
	}
	return nil, nil, false
}

// result is the status of a stream that has ended.
func (s *stream) result() error {
	if s.failure != nil {
		return s.failure
	}
	return statusOf(s.outcome)
}

// abandon ends a stream whose context is done. An accepted one ends with its handler.
func (s *stream) abandon(ctx context.Context) error {
	err := status.FromContextError(ctx.Err()).Err()
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.cancel(err)
	return err
}

// cancel ends an opened stream and tells the worker at once.
func (s *stream) cancel(why error) {
	if s.ended || !s.opened() {
		return
	}
	code := codes.Canceled
	if status.Code(why) == codes.DeadlineExceeded {
		code = codes.DeadlineExceeded
	}
	s.conn.outbox.pending = frame.AppendNumber(s.conn.outbox.pending, s.id, frame.Cancel, uint32(code))
	s.conn.outbox.wake()
	s.conn.remove(s)
	s.end(why)
}
