package host

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"protolith.dev/runtime/go/logs"
	"protolith.dev/runtime/go/settings"
)

// Main runs the host until SIGTERM or SIGINT and returns the exit code of the process.
func Main(c Contract) int {
	s, err := settings.Read(os.LookupEnv, c.Backends())
	logs.Setup(os.Stderr, s.LogJSON, s.LogLevel)
	if err == nil {
		err = c.Check()
	}
	if err == nil {
		tuneCollector()
		err = serve(c, s)
	}
	if err != nil {
		slog.Error("the host cannot run: " + strings.ReplaceAll(err.Error(), "\n", "; "))
		return 1
	}
	return 0
}

// tuneCollector trades memory for CPU: a host's heap is small, so collecting seldom is cheap. GOGC and GOMEMLIMIT win.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

func serve(c Contract, s settings.Settings) error {
	stop, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	defer signal.Stop(reload)

	h, err := start(c, s)
	if err != nil {
		return err
	}
	for {
		select {
		case <-reload:
			go h.reload()
			continue
		case err = <-h.failed:
		case <-stop.Done():
			release() // a second signal ends the process at once
		}
		h.drain(s.Grace)
		return err
	}
}

// reload replaces all workers; a signal during that is not another one.
func (h *host) reload() {
	if !h.reloading.TryLock() {
		return
	}
	defer h.reloading.Unlock()
	slog.Info("replacing the workers one by one")
	h.backends.Reload()
}
