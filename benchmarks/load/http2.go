package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	connections = 4       // as many as the runs at saturation use
	window      = 1 << 30 // bytes that the server may send before we say more: as much as h2load grants
)

// http2Client spreads calls over its connections in turn.
type http2Client []*http2Conn

func (c http2Client) start(call int) { c[call%len(c)].start(call) }

func (c http2Client) flush() {
	for _, each := range c {
		each.flush()
	}
}

func openHTTP2(o options, ended func(int, error)) (client, error) {
	var c http2Client
	for range connections {
		conn, err := dialHTTP2(o, ended)
		if err != nil {
			return nil, err
		}
		c = append(c, conn)
	}
	return c, nil
}

// http2Conn is one connection of gRPC calls. Its lock guards everything but the reader's side of the framer.
type http2Conn struct {
	options options
	ended   func(int, error)
	fields  []hpack.HeaderField

	mu      sync.Mutex
	out     *bufio.Writer
	framer  *http2.Framer
	block   bytes.Buffer
	encoder *hpack.Encoder
	lastID  uint32
	open    map[uint32]*exchange
	waiting []int // calls that the server's limits do not allow yet
	credit  int   // bytes that we may send
	limit   int   // streams that the server allows
	broken  error // why the connection ended
}

// exchange is a call on its stream.
type exchange struct{ call, size int }

func dialHTTP2(o options, ended func(int, error)) (*http2Conn, error) {
	conn, err := net.Dial("tcp", o.target)
	if err != nil {
		return nil, err
	}
	c := &http2Conn{options: o, ended: ended, open: map[uint32]*exchange{}, credit: 65535, limit: 1}
	c.out = bufio.NewWriterSize(conn, 1<<16)
	for _, field := range [][2]string{
		{":method", "POST"}, {":scheme", "http"}, {":path", o.path}, {":authority", o.target},
		{"content-type", "application/grpc"}, {"te", "trailers"},
	} {
		c.fields = append(c.fields, hpack.HeaderField{Name: field[0], Value: field[1]})
	}
	c.encoder = hpack.NewEncoder(&c.block)
	c.framer = http2.NewFramer(c.out, bufio.NewReaderSize(conn, 1<<16))
	c.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	c.framer.SetReuseFrames()
	_, _ = c.out.WriteString(http2.ClientPreface) // the writer keeps its errors until it is flushed
	_ = c.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window})
	_ = c.framer.WriteWindowUpdate(0, window)
	if err := c.out.Flush(); err != nil {
		return nil, err
	}
	settled := make(chan struct{})
	go c.read(settled)
	<-settled
	return c, nil
}

func (c *http2Conn) start(call int) {
	c.mu.Lock()
	c.waiting = append(c.waiting, call)
	c.send()
	err := c.broken
	c.mu.Unlock()
	if err != nil {
		c.fail(err)
	}
}

// send makes the calls that the server's limits allow; the lock is held.
func (c *http2Conn) send() {
	for len(c.waiting) > 0 && len(c.open) < c.limit && c.credit >= len(c.options.body) {
		call := c.waiting[0]
		c.waiting = c.waiting[1:]
		id := c.lastID + 1
		c.lastID += 2
		c.open[id] = &exchange{call: call}
		c.credit -= len(c.options.body)
		c.block.Reset()
		for _, field := range c.fields {
			_ = c.encoder.WriteField(field)
		}
		_ = c.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: c.block.Bytes(), EndHeaders: true})
		_ = c.framer.WriteData(id, true, c.options.body)
		if after, ok := c.options.cancelAfter(call); ok {
			time.AfterFunc(after, func() { c.cancel(id) })
		}
	}
}

func (c *http2Conn) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.out.Flush() // the reader finds out
}

// cancel ends a call that has not been answered.
func (c *http2Conn) cancel(id uint32) {
	c.mu.Lock()
	if c.open[id] != nil {
		_ = c.framer.WriteRSTStream(id, http2.ErrCodeCancel)
		_ = c.out.Flush()
	}
	c.mu.Unlock()
	c.end(id, nil)
}

// end takes a call off its stream, once.
func (c *http2Conn) end(id uint32, err error) {
	c.mu.Lock()
	e := c.open[id]
	delete(c.open, id)
	c.send()
	c.mu.Unlock()
	if e == nil {
		return
	}
	if _, cancelled := c.options.cancelAfter(e.call); cancelled {
		err = nil
	} else if want := c.options.size; err == nil && want >= 0 && e.size != want {
		err = fmt.Errorf("the answer has %d bytes, not %d", e.size, want)
	}
	c.ended(e.call, err)
}
