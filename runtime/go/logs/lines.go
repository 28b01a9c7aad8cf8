package logs

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"sync"
)

// workers is where lines of workers go; nil: through slog.
var workers struct {
	sync.Mutex
	to   io.Writer
	json bool
}

// Line puts a line of a worker into the log, with the worker's name. Workers format their own lines:
// a readable one gets the name before it, a JSON object gets it as its first key.
func Line(worker string, line []byte) {
	workers.Lock()
	defer workers.Unlock()
	switch {
	case workers.to == nil || (workers.json && !isObject(line)):
		slog.Info(string(line), "worker", worker)
	case workers.json:
		name, _ := json.Marshal(worker) // a string always marshals
		write([]byte(`{"worker":`), name, separator(line), bytes.TrimSpace(line)[1:], []byte("\n"))
	default:
		write([]byte(worker+" | "), line, []byte("\n"))
	}
}

// write is one Write, so that lines of others do not come between.
func write(parts ...[]byte) {
	_, _ = workers.to.Write(bytes.Join(parts, nil)) // there is no other place to tell it
}

func isObject(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 1 && line[0] == '{' && json.Valid(line)
}

func separator(object []byte) []byte {
	if bytes.Equal(bytes.ReplaceAll(bytes.TrimSpace(object), []byte(" "), nil), []byte("{}")) {
		return nil
	}
	return []byte(",")
}
