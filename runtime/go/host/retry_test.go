package host

import (
	"context"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/internal/echo"
)

// failing answers UNAVAILABLE to every first call.
type failing struct {
	*echo.Server
	calls    atomic.Int64
	pushback bool
}

func (f *failing) Get(ctx context.Context, r *echo.GetRequest) (*echo.Note, error) {
	if f.calls.Add(1)%2 == 1 {
		if f.pushback {
			_ = grpc.SetTrailer(ctx, metadata.Pairs("grpc-retry-pushback-ms", "-1"))
		}
		return nil, status.Error(codes.Unavailable, "not now")
	}
	return f.Server.Get(ctx, r)
}

func (f *failing) Create(context.Context, *echo.CreateRequest) (*echo.Note, error) {
	f.calls.Add(1)
	return nil, status.Error(codes.Unavailable, "not now")
}

func TestRemoteCallsAreRepeatedOnlyWhenTheyMay(t *testing.T) {
	for name, c := range map[string]struct {
		pushback bool
		call     func(echo.EchoServiceClient) error
		code     codes.Code
		calls    int64
	}{
		"declared":          {false, get, codes.OK, 2},
		"the host said no":  {true, get, codes.Unavailable, 1},
		"nothing is stated": {false, create, codes.Unavailable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := &failing{Server: echo.NewServer(), pushback: c.pushback}
			r := startHost(t, testSettings(serveUpstream(t, f, nil)))
			err := c.call(echo.NewEchoServiceClient(r.dial("grpc")))
			if status.Code(err) != c.code || f.calls.Load() != c.calls {
				t.Error(err, f.calls.Load())
			}
		})
	}
}

func get(client echo.EchoServiceClient) error {
	_, err := client.Get(context.Background(), &echo.GetRequest{Id: "1"})
	return err
}

func create(client echo.EchoServiceClient) error {
	_, err := client.Create(context.Background(), &echo.CreateRequest{})
	return err
}
