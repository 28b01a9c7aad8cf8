package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// marshaler is proto3 JSON, read once: grpc-gateway's own reads a body with encoding/json first, then with protojson.
type marshaler struct{}

var (
	writing = protojson.MarshalOptions{EmitUnpopulated: true, Resolver: details}
	reading = protojson.UnmarshalOptions{}
	// plain handles what is no message: response_body and body naming a scalar or repeated field.
	plain = &runtime.JSONPb{MarshalOptions: writing, UnmarshalOptions: reading}
)

func (marshaler) ContentType(any) string { return "application/json" }

func (marshaler) Marshal(v any) ([]byte, error) {
	switch v := v.(type) {
	case proto.Message:
		return writing.MarshalAppend(make([]byte, 0, 512), v)
	case map[string]any: // {"result": message} of a stream
		if m, ok := v["result"].(proto.Message); ok && len(v) == 1 {
			return wrap("result", m)
		}
	case map[string]proto.Message: // {"error": status} of a stream
		if m := v["error"]; m != nil && len(v) == 1 {
			return wrap("error", m)
		}
	}
	return plain.Marshal(v)
}

func wrap(key string, m proto.Message) ([]byte, error) {
	data, err := writing.MarshalAppend(append(make([]byte, 0, 512), `{"`+key+`":`...), m)
	return append(data, '}'), err
}

func (marshaler) Unmarshal(data []byte, v any) error {
	if m := message(v); m != nil {
		if err := reading.Unmarshal(data, m); err != nil {
			return describeJSON(err)
		}
		return nil
	}
	if err := plain.Unmarshal(data, v); err != nil {
		return errors.New("request body: not the JSON that this field takes")
	}
	return nil
}

// message gives v, or what the pointer v points to, as a message; nil when it is none.
func message(v any) proto.Message {
	if m, ok := v.(proto.Message); ok {
		return m
	}
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.Elem().Kind() != reflect.Pointer {
		return nil
	}
	if p.Elem().IsNil() {
		p.Elem().Set(reflect.New(p.Elem().Type().Elem()))
	}
	m, _ := p.Elem().Interface().(proto.Message)
	return m
}

func (m marshaler) NewDecoder(r io.Reader) runtime.Decoder {
	switch r := r.(type) {
	case *buffer:
		return runtime.DecoderFunc(func(v any) error { return m.decode(r, v) })
	case *bytes.Reader: // the copy of a body from which PATCH derives its update mask
		return runtime.DecoderFunc(func(v any) error { return m.decodeAll(r, v) })
	default:
		return m.streamDecoder(r)
	}
}

// decode takes the buffered body whole. An empty one is only here where it may be empty.
func (m marshaler) decode(b *buffer, v any) error {
	data := b.rest
	b.rest = nil
	if len(data) == 0 {
		return io.EOF
	}
	return m.Unmarshal(data, v)
}

func (m marshaler) decodeAll(r io.Reader, v any) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return m.Unmarshal(data, v)
}

// streamDecoder reads message after message.
func (marshaler) streamDecoder(r io.Reader) runtime.Decoder {
	d := plain.NewDecoder(r)
	return runtime.DecoderFunc(func(v any) error {
		err := d.Decode(v)
		if err == nil || errors.Is(err, io.EOF) {
			return err
		}
		return describeJSON(err)
	})
}

func (marshaler) NewEncoder(w io.Writer) runtime.Encoder {
	return runtime.EncoderFunc(func(v any) error {
		data, err := marshaler{}.Marshal(v)
		if err != nil {
			return fmt.Errorf("encoding an answer: %w", err)
		}
		_, err = w.Write(data)
		return err
	})
}
