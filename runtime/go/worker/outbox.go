package worker

import (
	"context"
	"runtime"
	"sync"
	"time"

	"protolith.dev/runtime/go/frame"
)

// Sizes of the outbox in bytes.
const (
	highWater = 1 << 20   // senders of messages wait above this
	keepSpare = 256 << 10 // a larger buffer is left to the collector
)

// outbox collects frames for the writer; the connection's lock guards it.
type outbox struct {
	pending []byte
	spare   []byte
	signal  chan struct{} // capacity 1
	asleep  bool          // the writer waits for signal
	closed  bool
	room    chan struct{} // closed when pending has shrunk; nil while nobody waits
}

func (o *outbox) init() {
	o.signal = make(chan struct{}, 1)
}

// wake makes the writer look; frames added while it writes need no signal.
func (o *outbox) wake() {
	if o.asleep {
		o.asleep = false
		o.signal <- struct{}{}
	}
}

func (o *outbox) close() {
	o.closed = true
	o.wake()
	o.made()
}

// made tells the waiting senders that there is room.
func (o *outbox) made() {
	if o.room != nil {
		close(o.room)
		o.room = nil
	}
}

// wait lets a sender wait while too much is pending. The lock is held, and released while waiting.
// The reader never waits here: it must go on reading, or two full sockets would wait for each other.
func (o *outbox) wait(ctx context.Context, mu *sync.Mutex) error {
	for len(o.pending) > highWater && !o.closed {
		if o.room == nil {
			o.room = make(chan struct{})
		}
		room := o.room
		mu.Unlock()
		select {
		case <-room:
			mu.Lock()
		case <-ctx.Done():
			mu.Lock()
			return ctx.Err()
		}
	}
	return nil
}

// write sends what is pending until the connection ends.
func (c *Conn) write() {
	for {
		batch, ok := c.take()
		if !ok {
			return
		}
		if _, err := c.net.Write(batch); err != nil {
			_ = c.net.SetReadDeadline(time.Now().Add(lingering)) // what the worker said before it went is read
			return
		}
		c.mu.Lock()
		if cap(batch) <= keepSpare {
			c.outbox.spare = batch[:0]
		}
		c.mu.Unlock()
	}
}

// gather lets callers that can run add their frames to this write, as long as they do.
func (c *Conn) gather() {
	for before := 0; ; {
		runtime.Gosched()
		c.mu.Lock()
		now := len(c.outbox.pending)
		c.mu.Unlock()
		if now == before || now > frame.Piece {
			return
		}
		before = now
	}
}

// take waits for frames and takes them all.
func (c *Conn) take() ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := &c.outbox
	for len(o.pending) == 0 {
		if o.closed {
			return nil, false
		}
		o.asleep = true
		c.mu.Unlock()
		<-o.signal
		c.gather()
		c.mu.Lock()
	}
	if o.closed {
		return nil, false
	}
	batch := o.pending
	o.pending, o.spare = o.spare[:0], nil
	o.made()
	return batch, true
}
