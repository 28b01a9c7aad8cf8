package worker

import (
	"bytes"
	"slices"
	"sync"

	"protolith.dev/runtime/go/logs"
)

// Sizes of what is kept of a worker's output.
const (
	longestLine = 64 << 10
	tailLines   = 12
)

// lines puts a worker's output into the host's log, line by line, and keeps the last ones.
type lines struct {
	name string
	mu   sync.Mutex
	rest []byte
	last []string
}

func newLines(name string) *lines { return &lines{name: name} }

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		line, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			break
		}
		l.emit(line)
		l.rest = rest
	}
	if len(l.rest) > longestLine {
		l.emit(l.rest)
		l.rest = nil
	}
	l.rest = slices.Clone(l.rest)
	return len(p), nil
}

// flush emits a last line that has no end.
func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		l.emit(l.rest)
		l.rest = nil
	}
}

func (l *lines) emit(line []byte) {
	line = bytes.TrimRight(line, "\r ")
	logs.Line(l.name, line)
	if len(line) == 0 {
		return
	}
	l.last = append(l.last, string(line))
	if len(l.last) > tailLines {
		l.last = l.last[1:]
	}
}

func (l *lines) tail() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.last)
}
