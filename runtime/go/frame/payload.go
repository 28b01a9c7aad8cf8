package frame

import (
	"encoding/binary"
	"errors"
)

// What can be wrong with a payload.
var (
	ErrShort   = errors.New("a length goes beyond the payload")
	errMessage = errors.New("NO_MESSAGE with message bytes")
)

// RequestHead is what a REQUEST says before its message.
type RequestHead struct {
	Method   uint32
	Timeout  uint64 // microseconds; 0: none
	Metadata []byte
}

const requestHeadSize = 16

// AppendRequestHead adds the payload of a REQUEST up to its message.
func AppendRequestHead(b []byte, h RequestHead) []byte {
	b = binary.BigEndian.AppendUint32(b, h.Method)
	b = binary.BigEndian.AppendUint64(b, h.Timeout)
	b = binary.BigEndian.AppendUint32(b, uint32(len(h.Metadata)))
	return append(b, h.Metadata...)
}

// Size is the number of bytes that the head takes in the payload.
func (h RequestHead) Size() int { return requestHeadSize + len(h.Metadata) }

// ParseRequest splits the payload of a REQUEST.
func ParseRequest(f Frame) (h RequestHead, message []byte, err error) {
	p := f.Payload
	if len(p) < requestHeadSize {
		return h, nil, ErrShort
	}
	h.Method = binary.BigEndian.Uint32(p)
	h.Timeout = binary.BigEndian.Uint64(p[4:])
	h.Metadata, message, err = cut(p[requestHeadSize:], binary.BigEndian.Uint32(p[12:]))
	return h, message, f.checkMessage(message, err)
}

// ResponseHead is what a RESPONSE says before its message.
type ResponseHead struct {
	Code     uint32
	Status   []byte // serialized google.rpc.Status when Code is not 0
	Metadata []byte // trailing
}

const responseHeadSize = 12

// Size is the number of bytes that the head takes in the payload.
func (h ResponseHead) Size() int { return responseHeadSize + len(h.Status) + len(h.Metadata) }

// AppendResponseHead adds the payload of a RESPONSE up to its message.
func AppendResponseHead(b []byte, h ResponseHead) []byte {
	b = binary.BigEndian.AppendUint32(b, h.Code)
	b = binary.BigEndian.AppendUint32(b, uint32(len(h.Status)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(h.Metadata)))
	return append(append(b, h.Status...), h.Metadata...)
}

// ParseResponse splits the payload of a RESPONSE.
func ParseResponse(f Frame) (h ResponseHead, message []byte, err error) {
	p := f.Payload
	if len(p) < responseHeadSize {
		return h, nil, ErrShort
	}
	h.Code = binary.BigEndian.Uint32(p)
	h.Status, message, err = cut(p[responseHeadSize:], binary.BigEndian.Uint32(p[4:]))
	if err == nil {
		h.Metadata, message, err = cut(message, binary.BigEndian.Uint32(p[8:]))
	}
	return h, message, f.checkMessage(message, err)
}

// ParseData is the message piece of a DATA frame.
func ParseData(f Frame) ([]byte, error) {
	return f.Payload, f.checkMessage(f.Payload, nil)
}

func (f Frame) checkMessage(message []byte, err error) error {
	if err == nil && len(message) > 0 && f.Has(NoMessage) {
		return errMessage
	}
	return err
}

// ParsePing is the opaque part of PING.
func ParsePing(p []byte) ([8]byte, error) {
	if len(p) != 8 {
		return [8]byte{}, errors.New("payload is not 8 bytes")
	}
	return [8]byte(p), nil
}

// ParseNumber reads the payload of CANCEL and CREDIT.
func ParseNumber(p []byte) (uint32, error) {
	if len(p) != 4 {
		return 0, errors.New("payload is not 4 bytes")
	}
	return binary.BigEndian.Uint32(p), nil
}

// AppendNumber adds a whole CANCEL or CREDIT frame.
func AppendNumber(b []byte, stream uint32, t Type, n uint32) []byte {
	return binary.BigEndian.AppendUint32(AppendHeader(b, 4, stream, t, 0), n)
}

func cut(p []byte, n uint32) (head, rest []byte, err error) {
	if uint64(n) > uint64(len(p)) {
		return nil, nil, ErrShort
	}
	return p[:n:n], p[n:], nil
}
