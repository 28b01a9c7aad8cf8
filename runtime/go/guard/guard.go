// Package guard turns a panic into an INTERNAL status: the stack goes to the log, never to the client.
package guard

import (
	"fmt"
	"log/slog"
	"runtime/debug"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Recover is deferred by whoever serves a call; it sets err when the call panicked.
func Recover(call string, err *error) {
	if p := recover(); p != nil {
		*err = Report(call, p)
	}
}

// Report logs a recovered panic and returns what the client may know of it.
func Report(call string, p any) error {
	slog.Error("panic while serving a call", "call", call, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return status.Error(codes.Internal, "internal error")
}
