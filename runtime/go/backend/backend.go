// Package backend holds what serves the calls of a host: local workers or remote hosts, behind grpc.ClientConnInterface.
package backend

import (
	"context"
	"fmt"

	"google.golang.org/grpc"

	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/proxy"
)

// Backend serves the rpcs of one or more services.
type Backend interface {
	grpc.ClientConnInterface
	// Ready tells whether a call has somebody to go to now.
	Ready() bool
	// Reload replaces what serves without losing a call.
	Reload()
	// Close lets open calls end until ctx is done, then ends all.
	Close(ctx context.Context)
}

// Set is all backends of a host by name.
type Set struct {
	contract contract.Contract
	backends map[string]Backend
	services map[string]grpc.ClientConnInterface // by full name, measured
	calls    map[string]*proxy.Call              // by full method name
}

// NewSet makes the set of the contract's backends; open makes each of them.
func NewSet(c contract.Contract, m *Metrics, open func(name string) (Backend, error)) (*Set, error) {
	s := &Set{contract: c, backends: map[string]Backend{}, services: map[string]grpc.ClientConnInterface{}, calls: map[string]*proxy.Call{}}
	for _, name := range c.Backends() {
		b, err := open(name)
		if err != nil {
			s.Close(context.Background())
			return nil, fmt.Errorf("backend %s: %w", name, err)
		}
		s.backends[name] = b
	}
	for _, service := range c.Services {
		measured := m.measure(service, s.backends[service.Backend])
		s.services[service.Name] = measured
		for _, method := range service.Methods {
			s.calls[service.Path(method)] = proxy.New(service, method, measured)
		}
	}
	return s, nil
}

// For is the way to a service, measured.
func (s *Set) For(service contract.Service) grpc.ClientConnInterface { return s.services[service.Name] }

// Call is the way of one rpc, by its full name.
func (s *Set) Call(method string) *proxy.Call { return s.calls[method] }

// Backend finds a backend by name.
func (s *Set) Backend(name string) Backend { return s.backends[name] }

// NotReady lists the backends among names that cannot serve now.
func (s *Set) NotReady(names []string) []string {
	var missing []string
	for _, name := range names {
		if !s.backends[name].Ready() {
			missing = append(missing, name)
		}
	}
	return missing
}

// Reload replaces the workers of all backends, one backend after the other.
func (s *Set) Reload() {
	for _, name := range s.contract.Backends() {
		s.backends[name].Reload()
	}
}
