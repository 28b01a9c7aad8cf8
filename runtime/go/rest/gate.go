package rest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// gate stands before grpc-gateway's handlers: it refuses what they would let pass or describe badly.
type gate struct {
	mux      *runtime.ServeMux
	bindings map[string]*binding
	maxBytes int
}

// check is a middleware; grpc-gateway makes one of each route, so the route's binding is looked up once.
func (g *gate) check(next runtime.HandlerFunc) runtime.HandlerFunc {
	var once sync.Once
	var b *binding
	return func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		if p, ok := w.(*probe); ok {
			p.matched = true
			return
		}
		once.Do(func() { b = g.binding(r) })
		if err := b.checkParameters(r, params); err != nil {
			respond(w, err)
			return
		}
		if b.body != "" {
			buffer, err := b.readBody(w, r, g.maxBytes)
			if err != nil {
				respond(w, err)
				return
			}
			defer buffer.free()
		}
		next(w, r, params)
	}
}

func (g *gate) binding(r *http.Request) *binding {
	pattern, _ := runtime.HTTPPattern(r.Context())
	if b, ok := g.bindings[r.Method+" "+pattern.String()]; ok {
		return b
	}
	// A route that the image does not have: generated code and image are of different contracts.
	panic("route " + r.Method + " " + pattern.String() + " is not in the embedded image: run `make gen`")
}

// routingError answers 404 and 405 (with Allow).
func (g *gate) routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, code int) {
	if _, probing := w.(*probe); probing {
		return // this method is not allowed either; asking on would never end
	}
	switch code {
	case http.StatusMethodNotAllowed:
		allow := strings.Join(g.allowed(r), ", ")
		w.Header().Set("Allow", allow)
		respond(w, httpError(code, status.Newf(codes.Unimplemented, "%s is not allowed on %s: use %s", r.Method, r.URL.Path, allow)))
	case http.StatusNotFound:
		respond(w, status.Errorf(codes.NotFound, "there is no %s", r.URL.Path))
	default:
		respond(w, httpError(code, status.Newf(codes.InvalidArgument, "%s is no valid path", r.URL.Path)))
	}
}

// allowed asks the routes themselves: a probe runs through the mux and stops at check.
func (g *gate) allowed(r *http.Request) []string {
	var methods []string
	for key := range g.bindings {
		method, _, _ := strings.Cut(key, " ")
		if method == r.Method || slices.Contains(methods, method) {
			continue
		}
		p := &probe{}
		other := r.Clone(r.Context())
		other.Method = method
		if g.mux.ServeHTTP(p, other); p.matched {
			methods = append(methods, method)
		}
	}
	slices.Sort(methods)
	return methods
}

// probe is a response writer that only notes whether a route matched.
type probe struct{ matched bool }

func (*probe) Header() http.Header         { return http.Header{} }
func (*probe) Write(b []byte) (int, error) { return len(b), nil }
func (*probe) WriteHeader(int)             {}
