package worker

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"os"
	"testing"

	"protolith.dev/runtime/go/frame"
)

// FuzzConn lets a worker send anything to a connection that has calls open: nothing but that connection may end.
func FuzzConn(f *testing.F) {
	text, err := os.ReadFile("../../../docs/worker-protocol-vectors.json")
	if err != nil {
		f.Fatal(err)
	}
	var vectors struct{ Vectors, Malformed []struct{ Hex string } }
	if err := json.Unmarshal(text, &vectors); err != nil {
		f.Fatal(err)
	}
	for _, v := range append(vectors.Vectors, vectors.Malformed...) {
		wire, err := hex.DecodeString(v.Hex)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wire)
	}
	hello, err := frame.AppendHello(nil, frame.HelloBody{Protocol: frame.Version, Methods: []string{"/a.B/C"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		end, other := net.Pipe()
		defer other.Close()
		c := &Conn{
			net: end, streams: map[uint32]*stream{}, lastID: 1<<31 - 1, ready: make(chan struct{}), leaving: make(chan struct{}),
			config: Config{Methods: []string{"/a.B/C"}, MaxMessageBytes: 1000, MaxInFlight: 3, Credit: 100, Accept: func(in *Incoming) { in.Finish(nil) }},
		}
		c.outbox.init()
		c.mu.Lock()
		defer c.mu.Unlock()
		opened := c.feed(t, append(bytes.Clone(hello), wire...))
		c.fail(errGone)
		for _, s := range opened {
			if !s.ended {
				t.Errorf("stream %d did not end with its connection", s.id)
			}
		}
	})
}

// feed dispatches what can be read; two calls are open after HELLO.
func (c *Conn) feed(t *testing.T, wire []byte) (opened []*stream) {
	r := frame.NewReader(bytes.NewReader(wire))
	for {
		one, err := r.Next()
		if err == nil {
			err = c.dispatch(one)
		}
		if err != nil {
			return opened
		}
		for opened == nil || len(opened) < 2 {
			s, err := c.enter(len(opened) == 0)
			var lost *Lost
			if errors.As(err, &lost) {
				return opened // GOAWAY came first
			}
			if err != nil {
				t.Fatal(err)
			}
			opened = append(opened, s)
		}
	}
}
