package frame

import (
	"encoding/binary"
	"io"
)

// Reader cuts a byte stream into frames, with one large read for many frames.
type Reader struct {
	from   io.Reader
	buffer []byte
	start  int // of what is not parsed yet
	end    int
	offset int64 // of start in the stream
}

// NewReader makes a reader; its buffer holds the largest frame.
func NewReader(from io.Reader) *Reader {
	return &Reader{from: from, buffer: make([]byte, HeaderSize+MaxPayload+16<<10)}
}

// Ready tells whether Next returns without reading.
func (r *Reader) Ready() bool {
	have := r.end - r.start
	if have < HeaderSize {
		return false
	}
	length := binary.BigEndian.Uint32(r.buffer[r.start:])
	return length > MaxPayload || have >= HeaderSize+int(length)
}

// Next returns the next frame. The error is io.EOF between frames, io.ErrUnexpectedEOF within one, a *[Malformed], or the connection's.
func (r *Reader) Next() (Frame, error) {
	if err := r.have(HeaderSize); err != nil {
		return Frame{}, err
	}
	header := r.buffer[r.start:]
	length := binary.BigEndian.Uint32(header)
	f := Frame{Stream: binary.BigEndian.Uint32(header[4:]), Type: Type(header[8]), Flags: Flags(header[9])}
	if why := check(f, length); why != "" {
		return Frame{}, &Malformed{r.offset, f.Type, why}
	}
	size := HeaderSize + int(length)
	if err := r.have(size); err != nil {
		return Frame{}, err
	}
	f.Payload = r.buffer[r.start+HeaderSize : r.start+size : r.start+size]
	r.start += size
	r.offset += int64(size)
	return f, nil
}

// Malformed describes a frame that Next returned and whose payload is wrong.
func (r *Reader) Malformed(f Frame, why string) error {
	return &Malformed{r.offset - int64(HeaderSize+len(f.Payload)), f.Type, why}
}

// have reads until n bytes are there.
func (r *Reader) have(n int) error {
	if r.start == r.end {
		r.start, r.end = 0, 0
	}
	if r.start+n > len(r.buffer) {
		r.end = copy(r.buffer, r.buffer[r.start:r.end])
		r.start = 0
	}
	for r.end-r.start < n {
		got, err := r.from.Read(r.buffer[r.end:])
		r.end += got
		if err == io.EOF && r.end > r.start && r.end-r.start < n {
			return io.ErrUnexpectedEOF
		}
		if err != nil && r.end-r.start < n {
			return err
		}
	}
	return nil
}
