package frame

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
)

type vectorFile struct {
	Vectors []struct {
		Name, Hex string
		Fill      int
		Frame     map[string]any
	}
	Malformed []struct {
		Name, Hex, Why string
		Fill           int
	}
}

func readVectors(t testing.TB) vectorFile {
	t.Helper()
	text, err := os.ReadFile("../../../docs/worker-protocol-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectorFile
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func unhex(t testing.TB, text string, fill int) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return append(b, bytes.Repeat([]byte{0x61}, fill)...)
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t).Vectors {
		t.Run(v.Name, func(t *testing.T) {
			wire := unhex(t, v.Hex, v.Fill)
			r := NewReader(bytes.NewReader(wire))
			f, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			got, err := show(f, v.Fill)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, v.Frame) {
				t.Errorf("got  %v\nwant %v", got, v.Frame)
			}
			if again := encode(t, f); !bytes.Equal(again, wire) {
				t.Errorf("encoded again: %x", again)
			}
			if _, err := r.Next(); !errors.Is(err, io.EOF) {
				t.Error(err)
			}
		})
	}
}

func TestMalformedVectors(t *testing.T) {
	for _, v := range readVectors(t).Malformed {
		t.Run(v.Name, func(t *testing.T) {
			f, err := NewReader(bytes.NewReader(unhex(t, v.Hex, v.Fill))).Next()
			if err == nil {
				_, err = show(f, 0)
			}
			if err == nil {
				t.Errorf("taken, but %s", v.Why)
			}
			if errors.Is(err, io.ErrUnexpectedEOF) {
				t.Error("the decoder waited for more")
			}
		})
	}
}

// show writes a frame as the vectors do; fill bytes at the end of its message are left out.
func show(f Frame, fill int) (map[string]any, error) {
	m := map[string]any{"type": f.Type.String(), "stream": float64(f.Stream), "flags": flagNames(f.Flags)}
	message := func(b []byte) { m["message"] = hex.EncodeToString(b[:len(b)-fill]) }
	var err error
	switch f.Type {
	case Request:
		h, piece, parseErr := ParseRequest(f)
		if err = parseErr; err == nil {
			m["method"], m["timeout_us"] = float64(h.Method), float64(h.Timeout)
			m["metadata"], err = rows(h.Metadata)
			message(piece)
		}
	case Response:
		h, piece, parseErr := ParseResponse(f)
		if err = parseErr; err == nil {
			m["code"], m["status"] = float64(h.Code), hex.EncodeToString(h.Status)
			m["metadata"], err = rows(h.Metadata)
			message(piece)
		}
	case Data:
		piece, parseErr := ParseData(f)
		if err = parseErr; err == nil {
			message(piece)
		}
	case Headers:
		m["metadata"], err = rows(f.Payload)
	case Cancel, Credit:
		n, parseErr := ParseNumber(f.Payload)
		m[map[Type]string{Cancel: "code", Credit: "bytes"}[f.Type]], err = float64(n), parseErr
	case Ping:
		b, parseErr := ParsePing(f.Payload)
		m["opaque"], err = hex.EncodeToString(b[:]), parseErr
	default:
		m["text"] = string(f.Payload)
	}
	return m, err
}

func flagNames(flags Flags) []any {
	names := []any{}
	for i, name := range []string{"END", "MORE", "NO_MESSAGE", "ACK"} {
		if flags&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// rows lists metadata in its order on the wire, which a map does not keep.
func rows(p []byte) (any, error) {
	if _, err := ParseMetadata(p); err != nil {
		return nil, err
	}
	list := []any{}
	for len(p) > 0 {
		k, v := int(binary.BigEndian.Uint16(p)), int(binary.BigEndian.Uint32(p[2:]))
		key, value := string(p[6:6+k]), p[6+k:6+k+v]
		if strings.HasSuffix(key, "-bin") {
			list = append(list, []any{key, hex.EncodeToString(value)})
		} else {
			list = append(list, []any{key, string(value)})
		}
		p = p[6+k+v:]
	}
	return list, nil
}

func encode(t testing.TB, f Frame) []byte {
	t.Helper()
	switch f.Type {
	case Request:
		h, piece, _ := ParseRequest(f)
		b := AppendHeader(nil, h.Size()+len(piece), f.Stream, f.Type, f.Flags)
		return append(AppendRequestHead(b, h), piece...)
	case Response:
		h, piece, _ := ParseResponse(f)
		b := AppendHeader(nil, h.Size()+len(piece), f.Stream, f.Type, f.Flags)
		return append(AppendResponseHead(b, h), piece...)
	case Cancel, Credit:
		n, _ := ParseNumber(f.Payload)
		return AppendNumber(nil, f.Stream, f.Type, n)
	}
	return append(AppendHeader(nil, len(f.Payload), f.Stream, f.Type, f.Flags), f.Payload...)
}

// FuzzReader feeds the decoder anything: it never panics, and what it takes it encodes to the same bytes.
func FuzzReader(f *testing.F) {
	v := readVectors(f)
	for _, one := range v.Vectors {
		f.Add(unhex(f, one.Hex, one.Fill))
	}
	for _, one := range v.Malformed {
		f.Add(unhex(f, one.Hex, one.Fill))
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		r := NewReader(bytes.NewReader(wire))
		offset := 0
		for {
			one, err := r.Next()
			if err != nil {
				return
			}
			size := HeaderSize + len(one.Payload)
			_, _ = ParseMetadata(one.Payload)
			_, _ = ParseHello(one.Payload)
			if _, err := show(one, 0); err == nil && !bytes.Equal(encode(t, one), wire[offset:offset+size]) {
				t.Fatalf("%+v is not encoded as it came", one)
			}
			offset += size
		}
	})
}

// BenchmarkCodec writes and reads a small request.
func BenchmarkCodec(b *testing.B) {
	b.ReportAllocs()
	var wire []byte
	message := bytes.Repeat([]byte{7}, 100)
	from := bytes.NewReader(nil)
	r := NewReader(from)
	for b.Loop() {
		head := RequestHead{Method: 1}
		wire = AppendHeader(wire[:0], head.Size()+len(message), 1, Request, End)
		wire = append(AppendRequestHead(wire, head), message...)
		from.Reset(wire)
		f, err := r.Next()
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := ParseRequest(f); err != nil {
			b.Fatal(err)
		}
	}
}
