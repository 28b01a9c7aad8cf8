package host

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"protolith.dev/runtime/go/internal/echo"
	"protolith.dev/runtime/go/internal/fakeworker"
	"protolith.dev/runtime/go/settings"
)

// TestMain makes this binary a worker or a whole host too: tests start themselves as the processes that they need.
func TestMain(m *testing.M) {
	if os.Getenv(fakeworker.Variable) != "" {
		os.Exit(fakeworker.Main())
	}
	if os.Getenv("TEST_HOST") != "" {
		os.Exit(Main(echo.Contract))
	}
	goleak.VerifyTestMain(m)
}

// upstream is a plain grpc-go server of the echo contract: the remote backend.
type upstream struct {
	*echo.Server
	health  *health.Server
	address string
}

func startUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{Server: echo.NewServer(), health: health.NewServer()}
	u.address = serveUpstream(t, u.Server, u.health)
	return u
}

func serveUpstream(t *testing.T, service echo.EchoServiceServer, h *health.Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	echo.RegisterEchoServiceServer(server, service)
	echo.RegisterHiddenServiceServer(server, echo.HiddenServer{Server: echo.NewServer()})
	if h != nil { // without: clients take a server as healthy
		healthpb.RegisterHealthServer(server, h)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(server.Stop)
	return l.Addr().String()
}

func testSettings(backend string) settings.Settings {
	return settings.Settings{
		RESTAddr: "127.0.0.1:0", GRPCAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0",
		Backends: map[string]string{"echo": backend}, Workers: map[string]int{"echo": 1},
		Python: os.Args[0], MaxInFlight: 4096, Grace: 10 * time.Second, MaxMessageBytes: 64 << 10,
	}
}

// running is a host under test with clients for its listeners.
type running struct {
	*host
	t    *testing.T
	http *http.Client
}

func startHost(t *testing.T, s settings.Settings) *running {
	t.Helper()
	h, err := start(echo.Contract, s)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	r := &running{host: h, t: t, http: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		h.drain(s.Grace)
	})
	r.await("/readyz", http.StatusOK)
	return r
}

func (r *running) url(listener, path string) string {
	return "http://" + r.listeners[listener].Addr().String() + path
}

// await polls the admin port, which has no events to wait for.
func (r *running) await(path string, code int) {
	r.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		response, err := r.http.Get(r.url("admin", path))
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == code {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	r.t.Fatalf("%s did not become %d", path, code)
}

// send makes one REST call and returns the answer and its body.
func (r *running) send(method, path, contentType, body string) (*http.Response, string) {
	r.t.Helper()
	request, err := http.NewRequest(method, r.url("rest", path), strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return r.do(request)
}

func (r *running) do(request *http.Request) (*http.Response, string) {
	r.t.Helper()
	response, err := r.http.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response, string(text)
}

// dial connects to a gRPC listener of the host.
func (r *running) dial(listener string) *grpc.ClientConn {
	r.t.Helper()
	return dial(r.t, r.listeners[listener].Addr().String())
}

func dial(t testing.TB, address string, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(address, append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
