package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Connections: as many as the runs at saturation use, and more while calls would have to wait for one. Above the
// second number they wait, and their latency counts that.
const (
	http1Connections = 16
	http1Most        = 64
)

// http1Client makes one call at a time on each of its connections.
type http1Client struct {
	options options
	ended   func(int, error)
	request []byte

	mu      sync.Mutex
	idle    []*http1Conn
	count   int // connections, idle or not
	waiting []int
}

type http1Conn struct {
	net  net.Conn
	call int // the client's lock guards it
}

func openHTTP1(o options, ended func(int, error)) (client, error) {
	var request bytes.Buffer
	fmt.Fprintf(&request, "%s %s HTTP/1.1\r\nHost: %s\r\n", o.method, o.path, o.target)
	if len(o.body) > 0 {
		fmt.Fprintf(&request, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(o.body))
	}
	request.WriteString("\r\n")
	request.Write(o.body)
	c := &http1Client{options: o, ended: ended, request: request.Bytes()}
	for range http1Connections {
		if err := c.dial(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *http1Client) dial() error {
	conn, err := net.Dial("tcp", c.options.target)
	if err != nil {
		return err
	}
	each := &http1Conn{net: conn}
	c.mu.Lock()
	c.count++
	c.mu.Unlock()
	c.next(each)
	go c.read(each)
	return nil
}

func (c *http1Client) flush() {}

func (c *http1Client) start(call int) {
	c.mu.Lock()
	c.waiting = append(c.waiting, call)
	last := len(c.idle) - 1
	if last < 0 {
		more := c.count < http1Most
		c.mu.Unlock()
		if more {
			_ = c.dial() // where that fails, the call waits
		}
		return
	}
	conn := c.idle[last]
	c.idle = c.idle[:last]
	c.mu.Unlock()
	c.next(conn)
}

// next gives the connection the call that waits longest, or keeps it for later.
func (c *http1Client) next(conn *http1Conn) {
	c.mu.Lock()
	if len(c.waiting) == 0 {
		c.idle = append(c.idle, conn)
		c.mu.Unlock()
		return
	}
	conn.call = c.waiting[0]
	c.waiting = c.waiting[1:]
	call := conn.call
	c.mu.Unlock()
	_, _ = conn.net.Write(c.request) // the reader finds out
	if after, ok := c.options.cancelAfter(call); ok {
		time.AfterFunc(after, func() { _ = conn.net.Close() })
	}
}

// read reads answers until the connection ends: the server has closed it, or its call is one to cancel.
func (c *http1Client) read(conn *http1Conn) {
	in := bufio.NewReader(conn.net)
	for {
		err := c.answer(in)
		call, idle := c.state(conn, err != nil)
		if idle {
			return
		}
		_, cancel := c.options.cancelAfter(call)
		if cancel {
			err = nil
		}
		c.ended(call, err)
		if cancel || err != nil {
			_ = conn.net.Close()
			c.mu.Lock()
			c.count--
			c.mu.Unlock()
			_ = c.dial() // where that fails, calls wait, and the run says so
			return
		}
		c.next(conn)
	}
}

// state gives the connection's call. One that broke while it was idle is forgotten.
func (c *http1Client) state(conn *http1Conn, broken bool) (call int, idle bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at := slices.Index(c.idle, conn); broken && at >= 0 {
		c.idle = slices.Delete(c.idle, at, at+1)
		c.count--
		return 0, true
	}
	return conn.call, false
}

func (c *http1Client) answer(in *bufio.Reader) error {
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %.200s", response.Status, body)
	}
	if want := c.options.size; want >= 0 && len(body) != want {
		return fmt.Errorf("the answer has %d bytes, not %d", len(body), want)
	}
	return nil
}
