package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"protolith.dev/runtime/go/worker"
)

// Times of supervision.
const (
	startTime  = 60 * time.Second // for a worker's HELLO
	healthy    = 10 * time.Second // a worker that lived longer has not crashed at its start
	firstDelay = 200 * time.Millisecond
	lastDelay  = 30 * time.Second
)

var errStopping = errors.New("the host stops")

// slot is the place of one worker: whoever dies in it is replaced.
type slot struct {
	local    *Local
	name     string
	current  atomic.Pointer[worker.Process]
	replaces chan chan bool
	stopped  chan struct{} // closed when run has returned
}

func newSlot(l *Local, number int) *slot {
	return &slot{
		local: l, name: fmt.Sprintf("%s-%d", l.config.Name, number),
		replaces: make(chan chan bool), stopped: make(chan struct{}),
	}
}

// run keeps a worker in the slot until the backend stops. A worker that fails again and again is started ever more seldom.
func (s *slot) run() {
	defer close(s.stopped)
	for failures := 0; ; failures++ {
		started := time.Now()
		p, err := s.spawn()
		if err == nil {
			err = s.watch(p)
		}
		if errors.Is(err, errStopping) {
			return
		}
		if time.Since(started) > healthy {
			failures = 0
		}
		s.local.config.Failed()
		delay := delayAfter(failures)
		slog.Error("worker ended", "worker", s.name, "why", err, "restartIn", delay)
		if !s.pause(delay) {
			return
		}
	}
}

// delayAfter is nothing after the first failure, then doubles.
func delayAfter(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	return min(firstDelay<<min(failures-1, 20), lastDelay)
}

// pause waits; false when the backend stops. Replacing a worker that is not there succeeds by itself.
func (s *slot) pause(delay time.Duration) bool {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return true
		case done := <-s.replaces:
			done <- true
			return true
		case <-s.local.stop:
			return false
		}
	}
}

// spawn starts a worker and waits for its HELLO.
func (s *slot) spawn() (*worker.Process, error) {
	config := s.local.config.Worker
	config.Name = s.name
	p, err := worker.Spawn(s.local.config.Command, s.local.config.Environment, config)
	if err != nil {
		return nil, err
	}
	timeout := time.NewTimer(startTime)
	defer timeout.Stop()
	if config.Heartbeat == 0 {
		timeout.Stop() // somebody is debugging
	}
	select {
	case <-p.Ready():
		s.warnMissing(p)
		return p, nil
	case <-p.Done():
		p.Bury()
		return nil, reason(p)
	case <-timeout.C:
		p.Close(fmt.Errorf("not ready within %s", startTime))
	case <-s.local.stop:
		p.Close(errStopping)
	}
	err = p.Err()
	p.Bury()
	return nil, err
}

func (s *slot) warnMissing(p *worker.Process) {
	for _, service := range s.local.config.Contract.Services {
		for _, m := range service.Methods {
			if path := service.Path(m); !p.Serves(path) {
				slog.Warn("worker does not serve an rpc of its contract: run `make gen`", "worker", s.name, "rpc", path)
			}
		}
	}
}

// watch puts the worker in the slot and returns why it ended. When the backend stops, the worker stays for close.
func (s *slot) watch(p *worker.Process) error {
	for {
		slog.Info("worker ready", "worker", s.name, "pid", p.PID())
		s.current.Store(p)
		s.local.config.Changed()
		next, err := s.follow(p)
		if err != nil {
			return err
		}
		s.retire(p)
		p = next
	}
}

// follow waits until the worker ends, or gives its successor.
func (s *slot) follow(p *worker.Process) (*worker.Process, error) {
	for {
		select {
		case <-p.Done():
			s.vacate()
			p.Bury()
			return nil, reason(p)
		case <-p.Leaving():
			next, err := s.spawn()
			if err != nil && !errors.Is(err, errStopping) {
				s.vacate()
				s.retire(p)
			}
			return next, err
		case done := <-s.replaces:
			next, err := s.spawn()
			done <- err == nil
			if err == nil || errors.Is(err, errStopping) {
				return next, err
			}
			slog.Error("the new worker failed: the old one stays", "worker", s.name, "why", err)
		case <-s.local.stop:
			return nil, errStopping
		}
	}
}

func (s *slot) vacate() {
	s.current.Store(nil)
	s.local.config.Changed()
}

// reason is how a worker ended, with its last words.
func reason(p *worker.Process) error {
	why := p.Why()
	if last := p.LastLines(); len(last) > 0 {
		why += "; its last lines: " + strings.Join(last, " ⏎ ")
	}
	return errors.New(why)
}

func (s *slot) retire(p *worker.Process) {
	s.local.running.Go(func() {
		ctx, cancel := context.WithTimeout(s.local.life, s.local.config.Grace)
		defer cancel()
		p.Retire(ctx, "the worker is being replaced")
	})
}

// replace puts a new worker in the slot; false when it failed and the old one stays.
func (s *slot) replace() bool {
	done := make(chan bool, 1)
	select {
	case s.replaces <- done:
	case <-s.stopped:
		return false
	}
	select {
	case ok := <-done:
		return ok
	case <-s.stopped:
		return false
	}
}

// close lets the worker's calls end until ctx is done.
func (s *slot) close(ctx context.Context) {
	<-s.stopped
	if p := s.current.Load(); p != nil {
		p.Retire(ctx, "the host stops")
	}
}
