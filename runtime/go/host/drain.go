package host

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc"
)

// drain says NOT_SERVING, lets open calls end within the grace, then stops everything.
func (h *host) drain(grace time.Duration) {
	slog.Info("draining", "grace", grace)
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	h.readiness.drain()
	h.stopListeners(ctx, grace-grace/8) // the rest is for the workers to end
	h.backends.Close(ctx)
	if h.admin != nil {
		stopHTTP(ctx, h.admin)
	}
	h.running.Wait()
	slog.Info("stopped")
}

func (h *host) stopListeners(ctx context.Context, time time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, time)
	defer cancel()
	var wg sync.WaitGroup
	for _, s := range h.grpc {
		wg.Go(func() { stopGRPC(ctx, s) })
	}
	for _, s := range h.http {
		wg.Go(func() { stopHTTP(ctx, s) })
	}
	wg.Wait()
}

func stopGRPC(ctx context.Context, s *grpc.Server) {
	drained := context.AfterFunc(ctx, s.Stop)
	s.GracefulStop()
	drained()
}

func stopHTTP(ctx context.Context, s *http.Server) {
	if s.Shutdown(ctx) != nil {
		_ = s.Close() // what is still open has had its time
	}
}
