package host

import (
	"log/slog"
	"sync"

	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"protolith.dev/runtime/go/backend"
	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/settings"
)

// readiness follows the backends and tells the health services and the admin port.
// The service listener answers for the local backends alone: two service hosts that call each other would else never start.
type readiness struct {
	contract contract.Contract
	settings settings.Settings
	edge     *health.Server
	service  *health.Server

	mu       sync.Mutex
	backends *backend.Set // nil until all are open
	draining bool
	ready    bool // as last logged
}

func newReadiness(c contract.Contract, s settings.Settings) *readiness {
	r := &readiness{contract: c, settings: s, edge: health.NewServer(), service: health.NewServer()}
	r.edge.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	r.service.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	return r
}

func (r *readiness) watch(backends *backend.Set) {
	r.mu.Lock()
	r.backends = backends
	r.mu.Unlock()
	r.update()
}

// update is called whenever a backend's readiness changed.
func (r *readiness) update() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.backends == nil || r.draining {
		return
	}
	missing := r.backends.NotReady(r.needed())
	if ready := len(missing) == 0; ready != r.ready {
		r.ready = ready
		slog.Info("readiness changed", "ready", ready, "waitingFor", missing)
	}
	r.edge.SetServingStatus("", serving(r.backends.NotReady(r.contract.Backends())))
	r.service.SetServingStatus("", serving(r.backends.NotReady(r.locals())))
	for _, s := range r.contract.Services {
		ready := serving(r.backends.NotReady([]string{s.Backend}))
		if len(s.PublicMethods()) > 0 {
			r.edge.SetServingStatus(s.Name, ready)
		}
		if r.local(s.Backend) {
			r.service.SetServingStatus(s.Name, ready)
		}
	}
}

func serving(missing []string) healthpb.HealthCheckResponse_ServingStatus {
	if len(missing) > 0 {
		return healthpb.HealthCheckResponse_NOT_SERVING
	}
	return healthpb.HealthCheckResponse_SERVING
}

func (r *readiness) local(name string) bool { return r.settings.Backends[name] == settings.Local }

func (r *readiness) locals() []string { return r.contract.Only(r.local).Backends() }

// missing lists what keeps the host from being ready: backends, or the drain.
func (r *readiness) missing() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.draining:
		return []string{"drain"}
	case r.backends == nil:
		return []string{"start"}
	}
	return r.backends.NotReady(r.needed())
}

// needed lists the backends without which the host is not ready.
func (r *readiness) needed() []string {
	if r.settings.Edge() {
		return r.contract.Backends()
	}
	return r.locals()
}

// drain says NOT_SERVING to everybody, for good.
func (r *readiness) drain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.draining = true
	r.edge.Shutdown()
	r.service.Shutdown()
}
