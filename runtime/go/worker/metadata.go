package worker

import (
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/frame"
)

// appendAll adds the metadata that belongs to the call; what belongs to HTTP/2 stays behind.
func appendAll(b []byte, md metadata.MD) ([]byte, error) {
	start := len(b)
	for key, values := range md {
		if transport(key) {
			continue
		}
		for _, value := range values {
			b = frame.AppendMetadata(b, key, value)
		}
	}
	if len(b)-start > frame.MaxMetadata {
		return nil, status.Errorf(codes.ResourceExhausted, "metadata of %d bytes, at most %d are allowed", len(b)-start, frame.MaxMetadata)
	}
	return b, nil
}

func transport(key string) bool {
	return key == "" || key[0] == ':' || key == "content-type" || key == "te" || strings.HasPrefix(key, "grpc-")
}

func parseAll(p []byte) metadata.MD {
	md, err := frame.ParseMetadata(p)
	if err != nil {
		return nil // not read: see the protocol
	}
	return md
}

// clip shortens a text without cutting a character.
func clip(text string, n int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
