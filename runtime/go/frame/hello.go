package frame

import (
	"encoding/json"
	"errors"
	"fmt"
)

// HelloBody is the JSON of HELLO; each side leaves out what only the other says.
type HelloBody struct {
	Protocol        int      `json:"protocol"`
	Name            string   `json:"name,omitempty"`
	PID             int      `json:"pid,omitempty"`
	MaxMessageBytes int      `json:"max_message_bytes,omitempty"`
	Credit          int      `json:"credit,omitempty"`
	Methods         []string `json:"methods"`
	Debug           bool     `json:"debug,omitempty"` // the worker runs under a debugger: no heartbeat
}

// AppendHello adds a whole HELLO frame.
func AppendHello(b []byte, h HelloBody) ([]byte, error) {
	body, err := json.Marshal(h)
	if err == nil && len(body) > MaxPayload {
		err = fmt.Errorf("HELLO of %d bytes, at most %d are allowed: the contract has too many rpcs for one worker", len(body), MaxPayload)
	}
	if err != nil {
		return b, err
	}
	return append(AppendHeader(b, len(body), 0, Hello, 0), body...), nil
}

// ParseHello reads the JSON of HELLO and compares the version.
func ParseHello(p []byte) (HelloBody, error) {
	var h HelloBody
	if err := json.Unmarshal(p, &h); err != nil {
		return h, errors.New("HELLO is not the JSON that it should be")
	}
	if h.Protocol != Version {
		return h, &VersionError{Worker: h.Protocol}
	}
	return h, nil
}

// VersionError means that host and worker speak different protocols.
type VersionError struct{ Worker int }

func (e *VersionError) Error() string {
	if e.Worker < Version {
		return fmt.Sprintf("the worker is older (protocol %d) than the host (protocol %d): install the same protolith for both", e.Worker, Version)
	}
	return fmt.Sprintf("the host is older (protocol %d) than the worker (protocol %d): build the host again", Version, e.Worker)
}
