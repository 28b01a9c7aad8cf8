package backend

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/raw"
	"protolith.dev/runtime/go/worker"
)

// LocalConfig is what a backend of local workers needs to know.
type LocalConfig struct {
	Name        string
	Contract    contract.Contract
	Command     []string // of one worker
	Environment []string
	Workers     int
	Worker      worker.Config // without its name
	Grace       time.Duration // for a worker that is replaced
	Budget      *Budget
	Changed     func() // called when Ready may have changed
	Failed      func() // called when a worker has ended without being asked to
}

// Local is a backend of worker processes that this host starts and supervises.
type Local struct {
	config     LocalConfig
	repeatable map[string]bool
	slots      []*slot
	stop       chan struct{}
	life       context.Context // ends when replaced workers may take no more time
	end        context.CancelFunc
	running    sync.WaitGroup
}

// StartLocal starts the workers; they become ready later.
func StartLocal(c LocalConfig) *Local {
	l := &Local{config: c, repeatable: c.Contract.Repeatable(), stop: make(chan struct{})}
	l.life, l.end = context.WithCancel(context.Background())
	for i := range c.Workers {
		l.slots = append(l.slots, newSlot(l, i))
	}
	for _, s := range l.slots {
		l.running.Go(s.run)
	}
	return l
}

// Ready tells whether any worker takes calls.
func (l *Local) Ready() bool { return l.pick(nil) != nil }

// Reload replaces the workers one by one; a worker is let go when its successor is ready.
func (l *Local) Reload() {
	for _, s := range l.slots {
		if !s.replace() {
			return
		}
	}
}

// Close lets the open calls end until ctx is done.
func (l *Local) Close(ctx context.Context) {
	defer context.AfterFunc(ctx, l.end)()
	close(l.stop)
	var wg sync.WaitGroup
	for _, s := range l.slots {
		wg.Go(func() { s.close(ctx) })
	}
	wg.Wait()
	l.running.Wait()
	l.end()
}

// Load is the number of calls that all workers have open.
func (l *Local) Load() int64 {
	var n int64
	for _, s := range l.slots {
		if p := s.current.Load(); p != nil {
			n += p.Load()
		}
	}
	return n
}

// pick takes the worker with the fewest open calls; avoid only when there is no other.
func (l *Local) pick(avoid *worker.Conn) *worker.Conn {
	var best *worker.Conn
	var least int64
	for _, s := range l.slots {
		p := s.current.Load()
		if p == nil || p.Conn == avoid || !p.Usable() {
			continue
		}
		if load := p.Load(); best == nil || load < least {
			best, least = p.Conn, load
		}
	}
	return best
}

// Choose implements worker.Pool.
func (l *Local) Choose(avoid *worker.Conn) (*worker.Conn, error) {
	if c := l.pick(avoid); c != nil {
		return c, nil
	}
	return nil, status.Errorf(codes.Unavailable, "no worker of %s is ready", l.config.Name)
}

// Again implements worker.Pool: only what may be repeated, and what no worker had begun to answer.
func (l *Local) Again(method string, err error) bool {
	lost := lostOf(err)
	return lost != nil && !lost.Answered && l.repeatable[method] && l.config.Budget.Take()
}

// lostOf is err when it says that a worker went away, else nil.
func lostOf(err error) *worker.Lost {
	var lost *worker.Lost
	errors.As(err, &lost)
	return lost
}

// pushback is gRPC's own word for when to try again; a negative time: never.
const pushback = "grpc-retry-pushback-ms"

// noRetry asks callers on other hosts not to try again what has cost a worker here.
var noRetry = metadata.Pairs(pushback, "-1")

// Invoke makes a unary call.
func (l *Local) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	message, err := raw.Codec.Marshal(args)
	if err != nil {
		return status.Errorf(codes.InvalidArgument, "the request cannot be serialized: %v", err)
	}
	defer message.Free()
	answer, err := l.call(ctx, method, message)
	give(opts, answer)
	if err != nil {
		return err
	}
	return raw.Decode(answer.Message, reply)
}

// call tries a worker, and another one when the first has not seen the call. A call that its worker
// did not survive is tried once more at most.
func (l *Local) call(ctx context.Context, method string, message mem.BufferSlice) (worker.Answer, error) {
	conn, err := l.Choose(nil)
	for retried := false; err == nil; {
		var answer worker.Answer
		answer, err = conn.Call(ctx, method, message)
		if err == nil {
			l.config.Budget.Succeeded()
			return answer, nil
		}
		switch lost := lostOf(err); {
		case lost == nil:
			return answer, err
		case lost.Unsent:
		case !retried && l.pick(conn) != nil && l.Again(method, err):
			retried = true
		default:
			return worker.Answer{Trailer: noRetry}, err
		}
		conn, err = l.Choose(conn)
	}
	return worker.Answer{}, err
}

// give hands out what the caller asked for by call options.
func give(opts []grpc.CallOption, answer worker.Answer) {
	for _, o := range opts {
		switch o := o.(type) {
		case grpc.HeaderCallOption:
			*o.HeaderAddr = answer.Header
		case grpc.TrailerCallOption:
			*o.TrailerAddr = answer.Trailer
		}
	}
}

// NewStream makes a streaming call.
func (l *Local) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return worker.NewStream(ctx, l, desc, method)
}
