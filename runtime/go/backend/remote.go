package backend

import (
	"context"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health" // client-side health checks, see serviceConfig
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/meta"
	"protolith.dev/runtime/go/raw"
)

// serviceConfig spreads calls over all healthy addresses of a name. A host that drains says NOT_SERVING and gets no more calls.
const serviceConfig = `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}}`

// Windows in bytes. Fixed ones spare the pings by which grpc-go estimates the bandwidth.
const (
	streamWindow = 256 << 10
	connWindow   = 1 << 20
)

// Remote is a backend on other hosts, reached over gRPC.
type Remote struct {
	*grpc.ClientConn
	config     RemoteConfig
	repeatable map[string]bool
	ready      atomic.Bool
	stop       context.CancelFunc
	stopped    chan struct{}
}

// RemoteConfig is what a remote backend needs to know.
type RemoteConfig struct {
	Target          string // of gRPC, such as dns:///user:9090
	Contract        contract.Contract
	MaxMessageBytes int
	Budget          *Budget
	Changed         func() // called when Ready changes
}

// DialRemote connects in the background.
func DialRemote(c RemoteConfig) (*Remote, error) {
	conn, err := grpc.NewClient(c.Target,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithIdleTimeout(0),
		grpc.WithSharedWriteBuffer(true),
		grpc.WithInitialWindowSize(streamWindow),
		grpc.WithInitialConnWindowSize(connWindow),
		grpc.WithDisableRetry(), // Invoke does it, from one budget
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: 5 * time.Second}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
		grpc.WithDefaultCallOptions(
			grpc.ForceCodecV2(raw.Codec),
			grpc.MaxCallRecvMsgSize(c.MaxMessageBytes),
			grpc.MaxCallSendMsgSize(c.MaxMessageBytes),
		))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &Remote{ClientConn: conn, config: c, repeatable: c.Contract.Repeatable(), stop: stop, stopped: make(chan struct{})}
	go r.watch(ctx)
	return r, nil
}

// reconnect is quick: the hosts of one contract start together, in any order.
var reconnect = backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second}

// watch keeps the connection up and notes whether it can serve.
func (r *Remote) watch(ctx context.Context) {
	defer close(r.stopped)
	for {
		state := r.GetState()
		if state == connectivity.Idle {
			r.Connect()
		}
		if ready := state == connectivity.Ready; r.ready.Swap(ready) != ready {
			r.config.Changed()
		}
		if !r.WaitForStateChange(ctx, state) {
			return
		}
	}
}

// Ready tells whether at least one address answers its health check with SERVING.
func (r *Remote) Ready() bool { return r.ready.Load() }

// Reload does nothing: a remote host looks after its own workers.
func (r *Remote) Reload() {}

// Close closes the connections; by then the listeners have no calls left.
func (r *Remote) Close(context.Context) {
	r.stop()
	<-r.stopped
	_ = r.ClientConn.Close() // fails only when already closed
}

// Invoke makes a unary call; one that may be repeated goes to another host when the first was not available.
func (r *Remote) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	ctx = meta.ForGRPC(ctx)
	var trailer metadata.MD
	err := r.ClientConn.Invoke(ctx, method, args, reply, append(opts, grpc.Trailer(&trailer))...)
	if err == nil {
		r.config.Budget.Succeeded()
		return nil
	}
	final := status.Code(err) != codes.Unavailable || ctx.Err() != nil || trailer.Get(pushback) != nil
	if final || !r.repeatable[method] || !r.config.Budget.Take() {
		return err
	}
	return r.ClientConn.Invoke(ctx, method, args, reply, opts...)
}

// NewStream makes a streaming call.
func (r *Remote) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	return r.ClientConn.NewStream(meta.ForGRPC(ctx), desc, method, opts...)
}
