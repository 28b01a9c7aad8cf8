// Package raw carries gRPC messages as bytes: what passes through the host is not decoded.
package raw

import (
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // registers the codec that [Codec] falls back to
	"google.golang.org/grpc/mem"
)

// Message is one serialized message. Whoever holds it frees it, once.
type Message struct {
	Data mem.BufferSlice
}

// Free gives the buffers back.
func (m *Message) Free() {
	m.Data.Free()
	m.Data = nil
}

type codec struct{ proto encoding.CodecV2 }

// Codec is grpc's "proto" codec which in addition takes *[Message].
var Codec encoding.CodecV2 = codec{proto: encoding.GetCodecV2("proto")}

func (c codec) Name() string { return c.proto.Name() }

func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	if m, ok := v.(*Message); ok {
		m.Data.Ref()
		return m.Data, nil
	}
	return c.proto.Marshal(v)
}

func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	if m, ok := v.(*Message); ok {
		data.Ref()
		m.Data = data
		return nil
	}
	return c.proto.Unmarshal(data, v)
}

// Decode puts a serialized message that belongs to nobody else into v.
func Decode(data []byte, v any) error {
	if m, ok := v.(*Message); ok {
		m.Data = mem.BufferSlice{mem.SliceBuffer(data)}
		return nil
	}
	return Codec.Unmarshal(mem.BufferSlice{mem.SliceBuffer(data)}, v)
}
