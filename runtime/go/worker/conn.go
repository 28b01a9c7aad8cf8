// Package worker is the host's side of the worker protocol: one connection, many streams, one lock.
package worker

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/frame"
)

// Config is what a connection needs to know.
type Config struct {
	Name            string
	Methods         []string // what the worker may call: its egress
	Accept          func(*Incoming)
	MaxMessageBytes int
	MaxInFlight     int
	Credit          int           // bytes of a stream's window
	Heartbeat       time.Duration // 0: off
}

// DefaultCredit is the window of a stream in bytes.
const DefaultCredit = 262144

// Conn is one connection to one worker. Its lock guards the streams too: what happens under it is short,
// and the reader takes it once for all the frames of one read.
type Conn struct {
	config  Config
	net     net.Conn
	methods map[string]uint32
	debug   bool
	ready   chan struct{} // closed when the worker said HELLO
	leaving chan struct{} // closed when the worker said GOAWAY
	done    chan struct{} // closed when the connection has ended and all goroutines but handlers are gone

	open     atomic.Int64 // streams that the host has opened: the worker's load
	draining atomic.Bool

	mu      sync.Mutex
	outbox  outbox
	streams map[uint32]*stream
	lastID  uint32
	err     error     // why the connection ended
	pinged  time.Time // when the PING was sent that is not answered yet; zero: all are
	greeted bool      // the worker said HELLO
}

// ErrFull means that the worker has as many calls open as it may.
var ErrFull = status.Error(codes.Unavailable, "the worker's queue is full")

// errGone is the reason of streams that ended with the connection.
var errGone = errors.New("the worker ended its connection")

// Start says HELLO on connection and serves it until it ends.
func Start(connection net.Conn, config Config) (*Conn, error) {
	c := &Conn{
		config: config, net: connection, streams: map[uint32]*stream{}, lastID: 1<<31 - 1,
		ready: make(chan struct{}), leaving: make(chan struct{}), done: make(chan struct{}),
	}
	c.outbox.init()
	hello, err := frame.AppendHello(nil, frame.HelloBody{
		Protocol: frame.Version, MaxMessageBytes: config.MaxMessageBytes, Credit: config.Credit, Methods: config.Methods,
	})
	if err != nil {
		return nil, err
	}
	c.outbox.pending = hello
	go c.serve()
	return c, nil
}

// Ready is closed when the worker has said HELLO.
func (c *Conn) Ready() <-chan struct{} { return c.ready }

// Leaving is closed when the worker has said that it takes no new calls.
func (c *Conn) Leaving() <-chan struct{} { return c.leaving }

// Done is closed when the connection has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err tells why the connection ended.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Debug tells whether the worker runs under a debugger.
func (c *Conn) Debug() bool { return c.debug }

// Serves tells whether the worker has the rpc. It may be asked once Ready is closed.
func (c *Conn) Serves(method string) bool {
	_, ok := c.methods[method]
	return ok
}

// Load is the number of calls that the worker has open.
func (c *Conn) Load() int64 { return c.open.Load() }

// Usable tells whether new calls may go to the worker.
func (c *Conn) Usable() bool { return !c.draining.Load() }

// GoAway tells the worker that no new call comes; it exits when the open ones have ended.
func (c *Conn) GoAway(why string) {
	c.draining.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox.pending = append(frame.AppendHeader(c.outbox.pending, len(why), 0, frame.GoAway, 0), why...)
	c.outbox.wake()
}

// Close ends the connection; open calls fail with UNAVAILABLE.
func (c *Conn) Close(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail(why)
}

// serve runs the reader and the writer.
func (c *Conn) serve() {
	defer close(c.done)
	var wg sync.WaitGroup
	wg.Go(c.write)
	stop := make(chan struct{})
	wg.Go(func() { c.beat(stop) })
	err := c.read()
	c.Close(err)
	close(stop)
	wg.Wait()
}

// fail ends everything, once; the lock is held.
func (c *Conn) fail(why error) {
	if c.err != nil {
		return
	}
	c.err = why
	c.draining.Store(true)
	for id, s := range c.streams {
		delete(c.streams, id)
		s.lost()
	}
	c.outbox.close()
	_ = c.net.Close() // ends the reader
}
