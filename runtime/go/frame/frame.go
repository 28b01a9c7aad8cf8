// Package frame is the wire format between host and worker: docs/worker-protocol.md, version 1.
package frame

import (
	"encoding/binary"
	"fmt"
)

// Version is the number of the protocol in HELLO.
const Version = 1

// Sizes in bytes.
const (
	HeaderSize  = 10
	MaxPayload  = 131072
	Piece       = 65536 // of a message in one frame
	MaxMetadata = 65520 // metadata and status of one frame: a full piece and the fixed fields fit beside it
)

// Type is the kind of a frame.
type Type uint8

// The types of frames.
const (
	Request Type = iota + 1
	Response
	Data
	Headers
	Cancel
	Credit
	Ping
	GoAway
	Hello
)

var names = [...]string{"type 0", "REQUEST", "RESPONSE", "DATA", "HEADERS", "CANCEL", "CREDIT", "PING", "GOAWAY", "HELLO"}

func (t Type) String() string {
	if int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("type %d", uint8(t))
}

// Flags of a frame.
type Flags uint8

// The flags.
const (
	End       Flags = 1
	More      Flags = 2
	NoMessage Flags = 4
	Ack       Flags = 8
)

var allowed = [...]Flags{Request: End | More | NoMessage, Response: NoMessage, Data: End | More | NoMessage, Ping: Ack, Hello: 0}

// Frame is one frame. Payload is valid until the reader reads on.
type Frame struct {
	Stream  uint32
	Type    Type
	Flags   Flags
	Payload []byte
}

// Has tells whether all the given flags are set.
func (f Frame) Has(flags Flags) bool { return f.Flags&flags == flags }

// Malformed says what is wrong with a frame: the connection ends.
type Malformed struct {
	Offset int64 // of the frame in what the peer has sent
	Type   Type
	Why    string
}

func (m *Malformed) Error() string {
	return fmt.Sprintf("malformed frame at offset %d, %s: %s", m.Offset, m.Type, m.Why)
}

// AppendHeader adds the header of a frame whose payload of n bytes follows.
func AppendHeader(b []byte, n int, stream uint32, t Type, flags Flags) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	b = binary.BigEndian.AppendUint32(b, stream)
	return append(b, byte(t), byte(flags))
}

// check tells what is wrong with a header; empty when nothing is.
func check(f Frame, length uint32) string {
	switch {
	case length > MaxPayload:
		return fmt.Sprintf("payload of %d bytes, at most %d are allowed", length, MaxPayload)
	case f.Type < Request || f.Type > Hello:
		return "unknown type"
	case f.Flags&^allowed[f.Type] != 0:
		return fmt.Sprintf("flags %#x", uint8(f.Flags))
	case f.Has(End | More):
		return "END and MORE together"
	case f.Has(More | NoMessage):
		return "MORE and NO_MESSAGE together"
	case f.Type >= Ping && f.Stream != 0:
		return fmt.Sprintf("belongs to the connection, not to stream %d", f.Stream)
	case f.Type < Ping && f.Stream == 0:
		return "belongs to a stream, not to the connection"
	case f.Stream > 1<<31-1:
		return fmt.Sprintf("stream %d is above the largest id", f.Stream)
	}
	return ""
}
