package logs

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
)

// collect sets the log up for a test.
func collect(t *testing.T, asJSON bool) *bytes.Buffer {
	t.Helper()
	before := slog.Default()
	t.Cleanup(func() {
		slog.SetDefault(before)
		workers.to = nil
	})
	b := &bytes.Buffer{}
	Setup(b, asJSON, slog.LevelInfo)
	return b
}

func TestWorkerLinesInReadableLogs(t *testing.T) {
	b := collect(t, false)
	Line("user-0", []byte("hello"))
	if b.String() != "user-0 | hello\n" {
		t.Errorf("%q", b)
	}
}

func TestWorkerLinesInJSONLogs(t *testing.T) {
	for line, want := range map[string]string{
		`{"level":"error","n":1}`: "error",
		`{ }`:                     "",
		`{}`:                      "",
		`plain "text"`:            "INFO",
		`{broken`:                 "INFO",
	} {
		b := collect(t, true)
		Line(`user-"0"`, []byte(line))
		var got struct{ Worker, Level string }
		if err := json.Unmarshal(b.Bytes(), &got); err != nil || got.Worker != `user-"0"` || got.Level != want {
			t.Errorf("%s became %s: %v", line, b, err)
		}
		if strings.Count(b.String(), "\n") != 1 {
			t.Errorf("%s became %q", line, b)
		}
	}
}
