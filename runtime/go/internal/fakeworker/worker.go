// Package fakeworker is a worker in Go for the host's tests: a process of its own that speaks the worker protocol
// and serves the echo contract. Ids of requests command how it misbehaves, see misbehave.
package fakeworker

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"protolith.dev/runtime/go/frame"
	"protolith.dev/runtime/go/internal/echo"
)

// Variable names the descriptor of the connection; set: this process is a worker.
const Variable = "PROTOLITH_WORKER_FD"

// Main serves until the host is gone and returns the exit code.
func Main() int {
	if os.Getenv("FAKE_CRASH") != "" {
		fmt.Fprintln(os.Stderr, "no module named nothing")
		return 1
	}
	fd, _ := strconv.Atoi(os.Getenv(Variable))
	file := os.NewFile(uintptr(fd), "host")
	conn, err := net.FileConn(file)
	if err != nil {
		panic(err)
	}
	w := New(conn)
	fmt.Println("fake worker", w.name, "starts")
	return w.Serve()
}

// Worker is one side of a connection.
type Worker struct {
	name    string
	conn    net.Conn
	echo    *echo.Server
	hello   frame.HelloBody // the host's
	methods []method

	mu      sync.Mutex // guards what follows, and writing
	out     *bufio.Writer
	streams map[uint32]*call
	last    uint32
	leaving bool
}

type method struct {
	path   string
	impl   any
	unary  grpc.MethodHandler
	stream grpc.StreamHandler
}

// New makes a worker on a connection.
func New(conn net.Conn) *Worker {
	w := &Worker{
		name: os.Getenv("PROTOLITH_WORKER_NAME"), conn: conn, echo: echo.NewServer(),
		out: bufio.NewWriterSize(conn, 64<<10), streams: map[uint32]*call{},
	}
	w.add(&echo.EchoService_ServiceDesc, w.echo)
	w.add(&echo.HiddenService_ServiceDesc, echo.HiddenServer{Server: w.echo})
	return w
}

func (w *Worker) add(d *grpc.ServiceDesc, impl any) {
	for _, m := range d.Methods {
		w.methods = append(w.methods, method{"/" + d.ServiceName + "/" + m.MethodName, impl, m.Handler, nil})
	}
	for _, s := range d.Streams {
		w.methods = append(w.methods, method{"/" + d.ServiceName + "/" + s.StreamName, impl, nil, s.Handler})
	}
}

// Serve reads frames until end-of-file.
func (w *Worker) Serve() int {
	r := frame.NewReader(w.conn)
	for {
		f, err := r.Next()
		if err != nil {
			return 0
		}
		w.mu.Lock()
		w.handle(f)
		if !r.Ready() {
			_ = w.out.Flush()
		}
		w.mu.Unlock()
	}
}

func (w *Worker) handle(f frame.Frame) {
	c := w.streams[f.Stream]
	switch f.Type {
	case frame.Hello:
		w.greet(f)
	case frame.Request:
		w.open(f)
	case frame.Data:
		if c != nil {
			c.receive(f.Payload, f.Flags, frame.HeaderSize+len(f.Payload))
		}
	case frame.Headers:
		if c != nil {
			c.header, _ = frame.ParseMetadata(f.Payload)
		}
	case frame.Response:
		if c != nil {
			c.answered(f)
		}
	case frame.Cancel:
		if c != nil {
			delete(w.streams, f.Stream)
			c.cancel()
		}
	case frame.Credit:
		if n, _ := frame.ParseNumber(f.Payload); c != nil {
			c.balance += int(n)
			c.wake()
		}
	case frame.Ping:
		w.write(append(frame.AppendHeader(nil, 8, 0, frame.Ping, frame.Ack), f.Payload...))
	case frame.GoAway:
		w.leaving = true
		w.exitWhenIdle()
	}
}

func (w *Worker) greet(f frame.Frame) {
	w.hello, _ = frame.ParseHello(f.Payload)
	body := frame.HelloBody{Protocol: frame.Version, Name: w.name, PID: os.Getpid(), Debug: os.Getenv("FAKE_DEBUG") != ""}
	for _, m := range w.methods {
		body.Methods = append(body.Methods, m.path)
	}
	b, _ := frame.AppendHello(nil, body)
	w.write(b)
}

func (w *Worker) write(b []byte) { _, _ = w.out.Write(b) }

func (w *Worker) exitWhenIdle() {
	if w.leaving && len(w.streams) == 0 {
		_ = w.out.Flush()
		os.Exit(0)
	}
}

// open starts the handler of a call.
func (w *Worker) open(f frame.Frame) {
	h, message, _ := frame.ParseRequest(f)
	md, _ := frame.ParseMetadata(h.Metadata)
	ctx := metadata.NewIncomingContext(context.Background(), md)
	c := newCall(w, f.Stream)
	c.ctx, c.cancel = context.WithCancel(ctx)
	if h.Timeout > 0 {
		c.ctx, c.cancel = context.WithTimeout(ctx, time.Duration(h.Timeout)*time.Microsecond)
	}
	w.streams[f.Stream] = c
	c.receive(message, f.Flags, 0)
	m := w.methods[h.Method]
	if m.unary == nil {
		go func() { c.finish(m.stream(m.impl, c)) }()
		return
	}
	go c.serveUnary(m)
}

func (c *call) serveUnary(m method) {
	answer, err := m.unary(m.impl, grpc.NewContextWithServerTransportStream(c.ctx, transportStream{c}), func(v any) error {
		if err := c.RecvMsg(v); err != nil {
			return err
		}
		return c.misbehave(v.(proto.Message))
	}, nil)
	if err == nil {
		c.only, err = proto.Marshal(answer.(proto.Message))
	}
	c.finish(err)
}
