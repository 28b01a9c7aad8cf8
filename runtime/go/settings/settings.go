// Package settings reads the host's settings from the environment.
package settings

import (
	"errors"
	"log/slog"
	"strings"
	"time"
)

// Local is the backend target of workers that the host starts itself.
const Local = "local"

// Settings are all settings of one host. An empty address means that the listener is off.
type Settings struct {
	RESTAddr    string
	GRPCAddr    string
	AdminAddr   string
	ServiceAddr string // internal gRPC: all rpcs of the local backends
	PprofAddr   string // net/http/pprof, off unless set

	Backends map[string]string // backend name to Local or a gRPC target
	Workers  map[string]int    // backend name to number of worker processes
	Python   string            // interpreter of the workers

	MaxInFlight     int           // calls that one worker may have open
	Heartbeat       time.Duration // 0: off
	Grace           time.Duration // time to drain in
	MaxMessageBytes int

	LogJSON  bool
	LogLevel slog.Level
}

// Edge tells whether this host serves the public edge.
func (s Settings) Edge() bool { return s.RESTAddr != "" || s.GRPCAddr != "" }

// Read takes the settings for the named backends from lookup, which is os.LookupEnv outside tests.
// The error names every bad variable.
func Read(lookup func(string) (string, bool), backends []string) (Settings, error) {
	e := &environment{lookup: lookup}
	s := Settings{
		RESTAddr:        e.text("PROTOLITH_REST_ADDR", "127.0.0.1:8080"),
		GRPCAddr:        e.text("PROTOLITH_GRPC_ADDR", "127.0.0.1:9090"),
		AdminAddr:       e.text("PROTOLITH_ADMIN_ADDR", "127.0.0.1:8081"),
		ServiceAddr:     e.text("PROTOLITH_SERVICE_ADDR", ""),
		PprofAddr:       e.text("PROTOLITH_PPROF_ADDR", ""),
		Python:          e.text("PROTOLITH_PYTHON", "python3"),
		MaxInFlight:     e.number("PROTOLITH_MAX_IN_FLIGHT", 4096, 1),
		Heartbeat:       e.duration("PROTOLITH_HEARTBEAT", 10*time.Second),
		Grace:           e.duration("PROTOLITH_GRACE", 20*time.Second),
		MaxMessageBytes: e.number("PROTOLITH_MAX_MESSAGE_BYTES", 4<<20, 1024),
		LogJSON:         e.choice("PROTOLITH_LOG_FORMAT", "console", "json") == "json",
		LogLevel:        e.level("PROTOLITH_LOG_LEVEL"),
		Backends:        map[string]string{},
		Workers:         map[string]int{},
	}
	workers := e.number("PROTOLITH_WORKERS", 1, 1)
	for _, name := range backends {
		suffix := strings.ToUpper(name)
		s.Backends[name] = e.text("PROTOLITH_BACKEND_"+suffix, Local)
		s.Workers[name] = e.number("PROTOLITH_WORKERS_"+suffix, workers, 1)
	}
	return s, errors.Join(e.problems...)
}
