package fakeworker

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"protolith.dev/runtime/go/internal/echo"
)

// misbehave does what a request's id or text says: see the cases.
func (c *call) misbehave(m proto.Message) error {
	command := ""
	switch m := m.(type) {
	case *echo.GetRequest:
		command = m.GetId()
	case *echo.CreateRequest:
		command = m.GetText()
	}
	verb, argument, _ := strings.Cut(command, " ")
	switch verb {
	case "die":
		fmt.Fprintln(os.Stderr, "last words of", c.w.name)
		os.Exit(3)
	case "die-in":
		if argument == c.w.name {
			os.Exit(3)
		}
	case "freeze": // answers nothing any more, PING neither
		return syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	case "malformed":
		_, _ = c.w.conn.Write([]byte("this is no frame, and it is long enough to have a header"))
	case "wait": // until a file is there
		for {
			if _, err := os.Stat(argument); err == nil {
				return nil
			}
			time.Sleep(time.Millisecond)
		}
	case "mark": // makes a file when the call is cancelled
		<-c.ctx.Done()
		return os.WriteFile(argument, nil, 0o600)
	case "egress": // calls Get of the same contract through the host
		return c.callOut(argument)
	}
	return nil
}

func (c *call) callOut(id string) error {
	ctx := context.Context(c.ctx)
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		ctx = metadata.NewOutgoingContext(ctx, md)
	}
	_, err := echo.NewHiddenServiceClient(c.w).Peek(ctx, &echo.GetRequest{Id: id})
	return err
}
