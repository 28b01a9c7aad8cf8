// Package logs sets up slog: readable lines on a laptop, JSON in production.
package logs

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"google.golang.org/grpc/grpclog"
)

// Setup makes w the destination of all log lines of this process, grpc-go's included.
func Setup(w io.Writer, json bool, level slog.Level) {
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if json {
		handler = slog.NewJSONHandler(w, options)
	}
	slog.SetDefault(slog.New(handler))
	workers.Lock()
	workers.to, workers.json = w, json
	workers.Unlock()
	grpclog.SetLoggerV2(grpcLog{grpclog.NewLoggerV2(io.Discard, errorLines{}, errorLines{})})
}

// grpcLog drops what grpc-go says below warnings.
type grpcLog struct{ grpclog.LoggerV2 }

func (grpcLog) V(int) bool { return false }

// errorLines turns grpc-go's lines into debug lines: failures of calls reach the log by their status.
type errorLines struct{}

func (errorLines) Write(line []byte) (int, error) {
	slog.Debug("grpc-go", "line", strings.TrimSpace(fmt.Sprintf("%s", line)))
	return len(line), nil
}
