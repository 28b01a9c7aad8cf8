package worker

import (
	"errors"
	"io"
	"log/slog"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/frame"
)

// read takes frames until the connection ends. The lock is taken once for all frames of one read.
func (c *Conn) read() error {
	r := frame.NewReader(c.net)
	locked := false
	defer func() {
		if locked {
			c.mu.Unlock()
		}
	}()
	for {
		if locked && !r.Ready() {
			c.mu.Unlock()
			locked = false
		}
		f, err := r.Next()
		if err != nil {
			return ended(err)
		}
		if !locked {
			c.mu.Lock()
			locked = true
		}
		if err := c.dispatch(f); err != nil {
			return describe(r, f, err)
		}
	}
}

// ended makes one reason of all ways in which a connection just stops.
func ended(err error) error {
	var malformed *frame.Malformed
	if errors.As(err, &malformed) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the worker ended its connection within a frame")
	}
	return errGone
}

// describe adds type and place to what is wrong with a frame. A version that does not fit is no malformed frame.
func describe(r *frame.Reader, f frame.Frame, err error) error {
	var version *frame.VersionError
	if errors.As(err, &version) {
		return err
	}
	return r.Malformed(f, err.Error())
}

// dispatch handles one frame. An error means that it is malformed.
func (c *Conn) dispatch(f frame.Frame) error {
	if (f.Type == frame.Hello) == c.greeted {
		if c.greeted {
			return errors.New("a second HELLO")
		}
		return errors.New("a frame before HELLO")
	}
	switch f.Type {
	case frame.Response:
		return c.response(f)
	case frame.Request:
		return c.request(f)
	case frame.Data:
		return c.data(f)
	case frame.Headers:
		return c.headers(f)
	case frame.Cancel:
		return c.cancelled(f)
	case frame.Credit:
		return c.credit(f)
	case frame.Ping:
		return c.ping(f)
	case frame.GoAway:
		c.goAway(string(f.Payload))
		return nil
	default:
		return c.hello(f)
	}
}

func (c *Conn) hello(f frame.Frame) error {
	h, err := frame.ParseHello(f.Payload)
	if err != nil {
		return err
	}
	c.greeted, c.debug = true, h.Debug
	c.methods = make(map[string]uint32, len(h.Methods))
	for i, m := range h.Methods {
		c.methods[m] = uint32(i)
	}
	close(c.ready)
	return nil
}

func (c *Conn) goAway(why string) {
	if c.draining.Swap(true) {
		return
	}
	slog.Info("worker takes no new calls", "worker", c.config.Name, "why", why)
	close(c.leaving)
}

// response ends a stream that the host opened; one that is not open has been cancelled.
func (c *Conn) response(f frame.Frame) error {
	h, message, err := frame.ParseResponse(f)
	if err != nil {
		return err
	}
	s := c.streams[f.Stream]
	if s == nil || !s.opened() {
		return nil
	}
	s.answered = true
	if !f.Has(frame.NoMessage) {
		if !s.receive(message, 0, 0) {
			s.tooLarge()
			return nil
		}
	}
	s.outcome = frame.ResponseHead{Code: h.Code, Status: slices.Clone(h.Status), Metadata: slices.Clone(h.Metadata)}
	c.remove(s)
	s.end(nil)
	return nil
}

func (c *Conn) data(f frame.Frame) error {
	piece, err := frame.ParseData(f)
	s := c.streams[f.Stream]
	if err != nil || s == nil {
		return err
	}
	s.answered = true
	s.headersCame(nil)
	cost := frame.HeaderSize + len(piece)
	if f.Has(frame.NoMessage) {
		cost = 0
	}
	if !s.receive(piece, f.Flags, cost) {
		s.tooLarge()
	}
	return nil
}

func (c *Conn) headers(f frame.Frame) error {
	if s := c.streams[f.Stream]; s != nil && s.opened() {
		s.answered = true
		s.headersCame(slices.Clone(f.Payload))
	}
	return nil
}

func (c *Conn) credit(f frame.Frame) error {
	n, err := frame.ParseNumber(f.Payload)
	if s := c.streams[f.Stream]; s != nil && err == nil {
		s.balance += int(n)
		s.creditCame()
	}
	return err
}

// cancelled ends a stream that the worker opened.
func (c *Conn) cancelled(f frame.Frame) error {
	code, err := frame.ParseNumber(f.Payload)
	if s := c.streams[f.Stream]; s != nil && !s.opened() && err == nil {
		c.remove(s)
		s.end(status.Error(codes.Code(code), "cancelled by the caller"))
	}
	return err
}

// remove forgets a stream.
func (c *Conn) remove(s *stream) {
	delete(c.streams, s.id)
	if s.opened() {
		c.open.Add(-1)
	}
}

// tooLarge ends a stream because of a message above the limit.
func (s *stream) tooLarge() {
	err := status.Errorf(codes.ResourceExhausted, "message larger than max (%d bytes)", s.conn.config.MaxMessageBytes)
	if s.opened() {
		s.cancel(err)
		return
	}
	s.respond(frame.ResponseHead{Code: uint32(codes.ResourceExhausted), Status: statusBytes(err)}, nil)
	s.end(err)
}
