package backend

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/contract"
)

// Metrics counts and times the calls of all backends.
type Metrics struct {
	Registry *prometheus.Registry
	calls    *prometheus.HistogramVec
	ends     *prometheus.CounterVec
}

// NewMetrics makes a registry of its own, so that two hosts in one process do not share one.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "protolith_call_duration_seconds",
			Help:    "Time that a backend took for a call, by rpc and gRPC code.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"service", "method", "code"}),
		ends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "protolith_worker_failures_total",
			Help: "Workers that ended without being asked to, by backend.",
		}, []string{"backend"}),
	}
	m.Registry.MustRegister(m.calls, m.ends, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// WorkerFailed counts a worker that ended without being asked to.
func (m *Metrics) WorkerFailed(backend string) { m.ends.WithLabelValues(backend).Inc() }

// measured times the calls of one service.
type measured struct {
	next  grpc.ClientConnInterface
	calls map[string]*timer
}

// timer has the histogram of the usual outcome at hand.
type timer struct {
	ok     prometheus.Observer
	others prometheus.ObserverVec
}

func (m *Metrics) measure(s contract.Service, next grpc.ClientConnInterface) *measured {
	timed := &measured{next: next, calls: map[string]*timer{}}
	for _, method := range s.Methods {
		v := m.calls.MustCurryWith(prometheus.Labels{"service": s.Name, "method": method.Name})
		timed.calls[s.Path(method)] = &timer{ok: v.WithLabelValues("OK"), others: v}
	}
	return timed
}

func (t *timer) observe(start time.Time, err error) {
	seconds := time.Since(start).Seconds()
	if err == nil {
		t.ok.Observe(seconds)
		return
	}
	t.others.WithLabelValues(codeName(status.Code(err))).Observe(seconds)
}

// codeName keeps the set of labels small, whatever number a peer answers.
func codeName(c codes.Code) string {
	if c > codes.Unauthenticated {
		c = codes.Unknown
	}
	return c.String()
}

func (m *measured) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	start := time.Now()
	err := m.next.Invoke(ctx, method, args, reply, opts...)
	m.calls[method].observe(start, err)
	return err
}

func (m *measured) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	start := time.Now()
	stream, err := m.next.NewStream(ctx, desc, method, opts...)
	if err != nil {
		m.calls[method].observe(start, err)
		return nil, err
	}
	return &measuredStream{ClientStream: stream, start: start, timer: m.calls[method], single: !desc.ServerStreams}, nil
}

// measuredStream observes once, at the end of the stream.
type measuredStream struct {
	grpc.ClientStream
	start  time.Time
	timer  *timer // nil once observed
	single bool   // its first answer is the last
}

func (s *measuredStream) RecvMsg(m any) error {
	err := s.ClientStream.RecvMsg(m)
	if s.timer != nil && (err != nil || s.single) {
		outcome := err
		if errors.Is(err, io.EOF) {
			outcome = nil
		}
		s.timer.observe(s.start, outcome)
		s.timer = nil
	}
	return err
}
