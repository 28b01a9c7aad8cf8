// Package rest serves the public rpcs as JSON over HTTP: grpc-gateway's routes, with input checked before they run.
package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/guard"
)

// Config is what the REST listener serves.
type Config struct {
	Contract        contract.Contract
	Backends        func(service contract.Service) grpc.ClientConnInterface
	MaxMessageBytes int
}

// New makes the handler of all REST routes, the OpenAPI document and Swagger UI.
func New(c Config) (http.Handler, error) {
	bindings, err := readBindings(c.Contract.Public())
	if err != nil {
		return nil, err
	}
	gate := &gate{bindings: bindings, maxBytes: c.MaxMessageBytes}
	gate.mux = runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.HTTPBodyMarshaler{Marshaler: marshaler{}}),
		runtime.WithMiddlewares(gate.check),
		runtime.WithErrorHandler(writeError),
		runtime.WithRoutingErrorHandler(gate.routingError),
		runtime.WithIncomingHeaderMatcher(incomingHeader),
		runtime.WithUnescapingMode(runtime.UnescapingModeAllExceptReserved),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithWriteContentLength(),
	)
	for _, s := range c.Contract.Services {
		if s.REST == nil {
			continue
		}
		if err := s.REST(context.Background(), gate.mux, c.Backends(s)); err != nil {
			return nil, err
		}
	}
	return recovered(withDocs(c.Contract.OpenAPI, gate.mux)), nil
}

// Server sets the limits of an HTTP server. A body's own time limit is in readBody: a limit
// for the whole request would end long answers.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// incomingHeader adds the trace context to the headers that grpc-gateway passes on as metadata.
func incomingHeader(key string) (string, bool) {
	switch key {
	case "Traceparent":
		return "traceparent", true
	case "Tracestate":
		return "tracestate", true
	}
	return runtime.DefaultHeaderMatcher(key)
}

func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler {
				panic(p)
			}
			if p != nil {
				respond(w, guard.Report(r.Method+" "+r.URL.Path, p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
