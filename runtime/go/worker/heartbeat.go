package worker

import (
	"errors"
	"time"

	"protolith.dev/runtime/go/frame"
)

// ErrHung is the end of a worker that did not answer PING in time.
var ErrHung = errors.New("the worker does not answer its heartbeat")

var beatBytes = [8]byte{'h', 'e', 'a', 'r', 't'}

// beat asks for a sign of life until stop, unless the heartbeat is off.
func (c *Conn) beat(stop <-chan struct{}) {
	if c.config.Heartbeat <= 0 {
		return
	}
	select {
	case <-c.ready:
	case <-stop:
		return
	}
	if c.debug {
		return
	}
	tick := time.NewTicker(c.config.Heartbeat / 2)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			c.ask(now)
		case <-stop:
			return
		}
	}
}

// ask sends a PING, or ends the connection when the last one is overdue.
func (c *Conn) ask(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pinged.IsZero() {
		c.pinged = now
		c.sendPing(beatBytes, 0)
	} else if now.Sub(c.pinged) >= c.config.Heartbeat {
		c.fail(ErrHung)
	}
}

func (c *Conn) sendPing(opaque [8]byte, flags frame.Flags) {
	c.outbox.pending = append(frame.AppendHeader(c.outbox.pending, len(opaque), 0, frame.Ping, flags), opaque[:]...)
	c.outbox.wake()
}

func (c *Conn) ping(f frame.Frame) error {
	opaque, err := frame.ParsePing(f.Payload)
	if err != nil {
		return err
	}
	if f.Has(frame.Ack) {
		c.pinged = time.Time{}
	} else {
		c.sendPing(opaque, frame.Ack)
	}
	return nil
}
