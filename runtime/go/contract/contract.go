// Package contract holds the table that generated code hands to the host: which services, rpcs and documents there are.
package contract

import (
	"context"
	"fmt"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
)

// API is the version of the agreement between generated code and this runtime.
const API = 1

// Idempotency is protobuf's idempotency_level of an rpc.
type Idempotency int

// The levels of google.protobuf.MethodOptions.IdempotencyLevel, with its numbers.
const (
	IdempotencyUnknown Idempotency = iota
	NoSideEffects
	Idempotent
)

// Contract is everything that a host knows about the services it serves.
type Contract struct {
	API      int       // version of the generated code, see [API]
	OpenAPI  []byte    // the merged OpenAPI document, JSON
	Image    []byte    // FileDescriptorSet of the source contracts with their imports
	Services []Service // sorted by name
}

// Service is one service of the contract.
type Service struct {
	Name    string // full name, such as messenger.user.v1.UserService
	Backend string // name of the backend that serves it, such as user
	REST    Register
	Methods []Method
}

// Register adds the REST routes of a service to mux; they call cc. It is nil for a service without public rpcs.
type Register func(ctx context.Context, mux *runtime.ServeMux, cc grpc.ClientConnInterface) error

// Method is one rpc.
type Method struct {
	Name            string // short name, such as CreateUser
	Public          bool   // has google.api.http: served at the edge
	ClientStreaming bool
	ServerStreaming bool
	Idempotency     Idempotency
}

// Path is the full method name, such as /messenger.user.v1.UserService/CreateUser.
func (s Service) Path(m Method) string { return "/" + s.Name + "/" + m.Name }

// PublicMethods lists the rpcs that the edge serves.
func (s Service) PublicMethods() []Method {
	var methods []Method
	for _, m := range s.Methods {
		if m.Public {
			methods = append(methods, m)
		}
	}
	return methods
}

// Check compares the version of the generated code with this runtime's.
func (c Contract) Check() error {
	switch {
	case c.API < API:
		return fmt.Errorf("the generated code (API %d) is older than the runtime (API %d): run `make gen`", c.API, API)
	case c.API > API:
		return fmt.Errorf("the runtime (API %d) is older than the generated code (API %d): install the protolith that generated it", API, c.API)
	}
	return nil
}

// Backends lists the names of all backends, each once, in the order of the table.
func (c Contract) Backends() []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range c.Services {
		if !seen[s.Backend] {
			seen[s.Backend] = true
			names = append(names, s.Backend)
		}
	}
	return names
}

// Methods lists the full names of all rpcs, in the order of the table.
func (c Contract) Methods() []string {
	var paths []string
	for _, s := range c.Services {
		for _, m := range s.Methods {
			paths = append(paths, s.Path(m))
		}
	}
	return paths
}

// Repeatable has true for the full names of rpcs that may be tried once more.
func (c Contract) Repeatable() map[string]bool {
	repeatable := map[string]bool{}
	for _, s := range c.Services {
		for _, m := range s.Methods {
			repeatable[s.Path(m)] = m.Idempotency != IdempotencyUnknown
		}
	}
	return repeatable
}

// Only keeps the services of the given backends.
func (c Contract) Only(backend func(name string) bool) Contract {
	kept := c
	kept.Services = nil
	for _, s := range c.Services {
		if backend(s.Backend) {
			kept.Services = append(kept.Services, s)
		}
	}
	return kept
}

// Public keeps the public rpcs, and the services that have one.
func (c Contract) Public() Contract {
	kept := c
	kept.Services = nil
	for _, s := range c.Services {
		if s.Methods = s.PublicMethods(); len(s.Methods) > 0 {
			kept.Services = append(kept.Services, s)
		}
	}
	return kept
}
