package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"protolith.dev/runtime/go/settings"
)

// listener is one open socket and the variable that sets its address.
type listener struct {
	net.Listener
	variable string
}

// listen opens all sockets that are on, before anything is started: a busy port must cost nothing.
func listen(s settings.Settings) (map[string]listener, error) {
	open := map[string]listener{}
	for _, l := range []struct{ name, variable, address string }{
		{"rest", "PROTOLITH_REST_ADDR", s.RESTAddr},
		{"grpc", "PROTOLITH_GRPC_ADDR", s.GRPCAddr},
		{"service", "PROTOLITH_SERVICE_ADDR", s.ServiceAddr},
		{"admin", "PROTOLITH_ADMIN_ADDR", s.AdminAddr},
		{"pprof", "PROTOLITH_PPROF_ADDR", s.PprofAddr},
	} {
		if l.address == "" {
			continue
		}
		socket, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", l.address)
		if err != nil {
			closeAll(open)
			return nil, explainListen(l.variable, l.address, err)
		}
		open[l.name] = listener{socket, l.variable}
	}
	return open, nil
}

func closeAll(open map[string]listener) {
	for _, l := range open {
		_ = l.Close() // fails only when already closed
	}
}

func explainListen(variable, address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("the address %s is in use: stop what listens there, or set %s to another address", address, variable)
	}
	if errors.Is(err, syscall.EACCES) {
		return fmt.Errorf("no permission to listen on %s: set %s to a port above 1023", address, variable)
	}
	return fmt.Errorf("cannot listen on %s (%w): set %s to host:port", address, err, variable)
}
