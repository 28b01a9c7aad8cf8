package host

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"

	"protolith.dev/runtime/go/admin"
	"protolith.dev/runtime/go/backend"
	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/edge"
	"protolith.dev/runtime/go/rest"
	"protolith.dev/runtime/go/settings"
	"protolith.dev/runtime/go/worker"
)

// host is one running host.
type host struct {
	contract  contract.Contract
	settings  settings.Settings
	listeners map[string]listener
	backends  *backend.Set
	opened    chan struct{} // closed when backends is set
	budget    *backend.Budget
	readiness *readiness
	metrics   *backend.Metrics
	grpc      []*grpc.Server
	http      []*http.Server
	admin     *http.Server // the last one to stop
	failed    chan error
	running   sync.WaitGroup
	reloading sync.Mutex
}

// start opens the sockets and the backends and serves. What it started is stopped again when it fails.
func start(c contract.Contract, s settings.Settings) (*host, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	listeners, err := listen(s)
	if err != nil {
		return nil, err
	}
	h := &host{contract: c, settings: s, listeners: listeners, failed: make(chan error, len(listeners)),
		readiness: newReadiness(c, s), opened: make(chan struct{}), budget: backend.NewBudget(), metrics: backend.NewMetrics()}
	h.backends, err = backend.NewSet(c, h.metrics, h.open)
	if err != nil {
		closeAll(listeners)
		return nil, err
	}
	close(h.opened)
	h.readiness.watch(h.backends)
	if err := h.serve(); err != nil {
		h.drain(0)
		closeAll(listeners)
		return nil, err
	}
	return h, nil
}

// local tells whether this host runs the workers of a backend.
func (h *host) local(name string) bool { return h.settings.Backends[name] == settings.Local }

func (h *host) open(name string) (backend.Backend, error) {
	s := h.settings
	own := h.contract.Only(func(backend string) bool { return backend == name })
	if !h.local(name) {
		return backend.DialRemote(backend.RemoteConfig{
			Target: s.Backends[name], Contract: own, MaxMessageBytes: s.MaxMessageBytes, Budget: h.budget, Changed: h.readiness.update,
		})
	}
	return backend.StartLocal(backend.LocalConfig{
		Name:     name,
		Contract: own,
		Command:  []string{s.Python, "-m", "protolith.serve", name},
		// A worker's share of the service's database connections follows from how many there are.
		Environment: append(os.Environ(), "PROTOLITH_ENGINE=host", fmt.Sprintf("PROTOLITH_WORKERS=%d", s.Workers[name])),
		Workers:     s.Workers[name],
		Grace:       s.Grace,
		Budget:      h.budget,
		Changed:     h.readiness.update,
		Failed:      func() { h.metrics.WorkerFailed(name) },
		Worker: worker.Config{
			Methods: h.contract.Methods(), Accept: h.egress, Credit: worker.DefaultCredit,
			MaxMessageBytes: s.MaxMessageBytes, MaxInFlight: s.MaxInFlight, Heartbeat: s.Heartbeat,
		},
	}), nil
}

// egress serves the calls that workers make.
func (h *host) egress(in *worker.Incoming) {
	<-h.opened
	call := h.backends.Call(in.Method)
	if call.Single() {
		single := in.Single()
		single.Finish(call.Handle(single))
		return
	}
	in.Finish(call.Handle(in))
}

func (h *host) serve() error {
	if err := h.serveGRPC("grpc", h.contract.Public(), h.readiness.edge); err != nil {
		return err
	}
	if err := h.serveGRPC("service", h.contract.Only(h.local), h.readiness.service); err != nil {
		return err
	}
	if l, ok := h.listeners["rest"]; ok {
		handler, err := rest.New(rest.Config{Contract: h.contract, Backends: h.backends.For, MaxMessageBytes: h.settings.MaxMessageBytes})
		if err != nil {
			return err
		}
		h.http = append(h.http, h.serveHTTP("rest", l, handler))
	}
	if l, ok := h.listeners["admin"]; ok {
		h.admin = h.serveHTTP("admin", l, admin.New(h.metrics.Registry, h.readiness.missing))
	}
	if l, ok := h.listeners["pprof"]; ok {
		h.http = append(h.http, h.serveHTTP("pprof", l, admin.Profiles()))
	}
	return nil
}

func (h *host) serveGRPC(name string, c contract.Contract, health *health.Server) error {
	l, ok := h.listeners[name]
	if !ok {
		return nil
	}
	server, err := edge.New(edge.Config{Contract: c, Calls: h.backends.Call, Health: health, MaxMessageBytes: h.settings.MaxMessageBytes})
	if err != nil {
		return err
	}
	h.grpc = append(h.grpc, server)
	h.run(name, l, server.Serve)
	return nil
}

func (h *host) serveHTTP(name string, l listener, handler http.Handler) *http.Server {
	server := rest.Server(handler)
	h.run(name, l, func(l net.Listener) error {
		if err := server.Serve(l); err != http.ErrServerClosed {
			return err
		}
		return nil
	})
	return server
}

func (h *host) run(name string, l listener, serve func(net.Listener) error) {
	slog.Info("listening", "for", name, "address", l.Addr().String())
	h.running.Go(func() {
		if err := serve(l.Listener); err != nil {
			h.failed <- fmt.Errorf("the %s listener stopped: %w", name, err)
		}
	})
}
