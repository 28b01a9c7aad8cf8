package frame

import (
	"encoding/binary"
	"errors"
	"strings"

	"google.golang.org/grpc/metadata"
)

// AppendMetadata adds a row of key length u16, value length u32, key, value.
func AppendMetadata(b []byte, key, value string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(key)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(append(b, key...), value...)
}

// ParseMetadata reads all rows; nil when there are none.
func ParseMetadata(p []byte) (metadata.MD, error) {
	if len(p) == 0 {
		return nil, nil
	}
	md := metadata.MD{}
	for len(p) > 0 {
		if len(p) < 6 {
			return nil, ErrShort
		}
		key, rest, err := cut(p[6:], uint32(binary.BigEndian.Uint16(p)))
		if err != nil {
			return nil, err
		}
		value, rest, err := cut(rest, binary.BigEndian.Uint32(p[2:]))
		if err != nil {
			return nil, err
		}
		if len(key) == 0 {
			return nil, errors.New("metadata without a key")
		}
		k := strings.ToLower(string(key))
		md[k] = append(md[k], string(value))
		p = rest
	}
	return md, nil
}
