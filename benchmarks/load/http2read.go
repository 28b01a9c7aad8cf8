package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/net/http2"
)

// read handles the server's frames until the connection ends; settled is closed after its first settings.
func (c *http2Conn) read(settled chan struct{}) {
	var received uint32
	for {
		frame, err := c.framer.ReadFrame()
		var broken http2.StreamError
		if errors.As(err, &broken) {
			c.end(broken.StreamID, err)
			continue
		}
		if err != nil {
			c.fail(err)
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				c.settings(frame)
				if settled != nil {
					close(settled)
					settled = nil
				}
			}
		case *http2.DataFrame:
			received += frame.Length
			c.data(frame)
		case *http2.MetaHeadersFrame:
			c.headers(frame)
		case *http2.RSTStreamFrame:
			c.end(frame.StreamID, fmt.Errorf("the server reset the stream: %v", frame.ErrCode))
		case *http2.GoAwayFrame:
			c.fail(fmt.Errorf("the server went away: %v", frame.ErrCode))
			return
		case *http2.WindowUpdateFrame:
			c.allow(frame)
		case *http2.PingFrame:
			c.locked(func() { _ = c.framer.WritePing(true, frame.Data) })
		}
		if received > window/2 {
			c.locked(func() { _ = c.framer.WriteWindowUpdate(0, received) })
			received = 0
		}
		c.flush()
	}
}

func (c *http2Conn) locked(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	do()
}

func (c *http2Conn) settings(frame *http2.SettingsFrame) {
	c.locked(func() {
		c.limit = 1 << 30
		if limit, ok := frame.Value(http2.SettingMaxConcurrentStreams); ok {
			c.limit = int(limit)
		}
		if size, ok := frame.Value(http2.SettingHeaderTableSize); ok {
			c.encoder.SetMaxDynamicTableSizeLimit(size)
		}
		_ = c.framer.WriteSettingsAck()
	})
}

// allow takes note of credit. That of a stream is never short: a request is far smaller than its 64 KiB.
func (c *http2Conn) allow(frame *http2.WindowUpdateFrame) {
	if frame.StreamID == 0 {
		c.locked(func() {
			c.credit += int(frame.Increment)
			c.send()
		})
	}
}

func (c *http2Conn) data(frame *http2.DataFrame) {
	c.locked(func() {
		if e := c.open[frame.StreamID]; e != nil {
			e.size += len(frame.Data())
		}
	})
	if frame.StreamEnded() {
		c.end(frame.StreamID, errors.New("the stream ended without a status"))
	}
}

func (c *http2Conn) headers(frame *http2.MetaHeadersFrame) {
	if !frame.StreamEnded() {
		return
	}
	status, message := "missing", ""
	for _, field := range frame.Fields {
		switch field.Name {
		case "grpc-status":
			status = field.Value
		case "grpc-message":
			message = field.Value
		}
	}
	if status == "0" {
		c.end(frame.StreamID, nil)
	} else {
		c.end(frame.StreamID, fmt.Errorf("grpc-status %s: %s", status, message))
	}
}

// fail ends every call that has no answer, now and later.
func (c *http2Conn) fail(err error) {
	c.mu.Lock()
	c.broken, c.limit = err, 0
	waiting := c.waiting
	c.waiting = nil
	open := slices.Collect(maps.Keys(c.open))
	c.mu.Unlock()
	err = fmt.Errorf("the connection ended: %w", err)
	for _, id := range open {
		c.end(id, err)
	}
	for _, call := range waiting {
		c.ended(call, err)
	}
}
