package rest

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// bodyTime is how long a client may take to send one body.
const bodyTime = 30 * time.Second

// buffer is a body that was read whole; the marshaler takes its bytes without reading again.
type buffer struct {
	data []byte
	rest []byte // what Read has not given out yet
}

var buffers = sync.Pool{New: func() any { return &buffer{data: make([]byte, 0, 4096)} }}

func (b *buffer) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *buffer) Close() error { return nil }

func (b *buffer) free() {
	if b != nil && cap(b.data) <= 64<<10 { // a big one is left to the collector
		b.data, b.rest = b.data[:0], nil
		buffers.Put(b)
	}
}

// readBody puts the whole body in r.Body, or says why it cannot be taken. A streamed body is only limited.
func (b *binding) readBody(w http.ResponseWriter, r *http.Request, maxBytes int) (*buffer, error) {
	if err := checkContentType(r); err != nil {
		return nil, err
	}
	if r.ContentLength > int64(maxBytes) {
		return nil, describeRead(&http.MaxBytesError{Limit: int64(maxBytes)}, maxBytes)
	}
	r.Body = http.MaxBytesReader(w, r.Body, int64(maxBytes))
	if b.streamed {
		return nil, nil
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTime)) // not supported by a test's recorder: no limit then
	whole := buffers.Get().(*buffer)
	err := whole.fill(r.Body, int(r.ContentLength))
	_ = control.SetReadDeadline(time.Time{})
	if err == nil && len(whole.data) == 0 && !b.bodyOptional() {
		err = status.Error(codes.InvalidArgument, "request body: empty; send a JSON object, such as {}")
	}
	if err != nil {
		whole.free()
		return nil, describeRead(err, maxBytes)
	}
	r.Body = whole
	return whole, nil
}

// fill reads to the end; size is the expected length, or negative.
func (b *buffer) fill(r io.Reader, size int) error {
	if size >= cap(b.data) {
		b.data = make([]byte, 0, size+1)
	}
	for {
		if len(b.data) == cap(b.data) {
			b.data = append(b.data, 0)[:len(b.data)]
		}
		n, err := r.Read(b.data[len(b.data):cap(b.data)])
		b.data = b.data[:len(b.data)+n]
		if err == io.EOF {
			b.rest = b.data
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func checkContentType(r *http.Request) error {
	value := r.Header.Get("Content-Type")
	if value == "" || value == "application/json" {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(value); err == nil && kind == "application/json" {
		return nil
	}
	return httpError(http.StatusUnsupportedMediaType,
		status.Newf(codes.InvalidArgument, "Content-Type is %q: send application/json", value))
}

// describeRead gives a client the reason why its body could not be read.
func describeRead(err error, maxBytes int) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return httpError(http.StatusRequestEntityTooLarge,
			status.Newf(codes.ResourceExhausted, "request body: larger than %d bytes", maxBytes))
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	return httpError(http.StatusRequestTimeout,
		status.Newf(codes.InvalidArgument, "request body: it did not arrive whole within %s", bodyTime))
}
