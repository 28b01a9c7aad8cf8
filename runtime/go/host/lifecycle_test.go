package host

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/internal/echo"
)

func TestBusyPort(t *testing.T) {
	up := startUpstream(t)
	s := testSettings("passthrough:///" + up.address)
	s.RESTAddr = up.address
	_, err := start(echo.Contract, s)
	if err == nil || !strings.Contains(err.Error(), up.address+" is in use") || !strings.Contains(err.Error(), "PROTOLITH_REST_ADDR") {
		t.Error(err)
	}
}

func TestHandshake(t *testing.T) {
	for api, want := range map[int]string{0: "run `make gen`", 99: "install the protolith"} {
		c := echo.Contract
		c.API = api
		if _, err := start(c, testSettings("x")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("API %d: %v", api, err)
		}
	}
}

// logged collects the log of a test.
func logged(t *testing.T) *lockedBuffer {
	b := &lockedBuffer{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(b, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return b
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestPanicStaysInTheLog(t *testing.T) {
	log := logged(t)
	c := echo.Contract
	c.Services = append(c.Services[:0:0], c.Services...)
	c.Services[0].REST = func(_ context.Context, mux *runtime.ServeMux, _ grpc.ClientConnInterface) error {
		return mux.HandlePath("GET", "/v1/notes", func(http.ResponseWriter, *http.Request, map[string]string) { panic("boom") })
	}
	up := startUpstream(t)
	h, err := start(c, testSettings(up.address))
	if err != nil {
		t.Fatal(err)
	}
	defer h.drain(0)
	response, err := http.Get("http://" + h.listeners["rest"].Addr().String() + "/v1/notes")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != 500 || !strings.Contains(string(body), "internal error") || strings.Contains(string(body), "boom") {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if !strings.Contains(log.String(), "boom") {
		t.Error("the log does not say why")
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestDrainLetsOpenCallsEnd(t *testing.T) {
	up := startUpstream(t)
	h, err := start(echo.Contract, testSettings(up.address))
	if err != nil {
		t.Fatal(err)
	}
	r := &running{host: h, t: t, http: http.DefaultClient}
	r.await("/readyz", 200)
	stream, err := echo.NewEchoServiceClient(r.dial("grpc")).Talk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	say := func() error {
		if err := stream.Send(&echo.Note{Text: "a"}); err != nil {
			return err
		}
		_, err := stream.Recv()
		return err
	}
	if err := say(); err != nil {
		t.Fatal(err)
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		h.drain(h.settings.Grace)
	}()
	r.await("/readyz", 503)
	if err := say(); err != nil {
		t.Errorf("an open call was cut: %v", err)
	}
	_ = stream.CloseSend()
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	<-drained
	http.DefaultClient.CloseIdleConnections()
	if _, err := http.Get(r.url("admin", "/healthz")); err == nil {
		t.Error("the admin port is still open")
	}
}

func TestDrainEndsAfterTheGrace(t *testing.T) {
	up := startUpstream(t)
	s := testSettings(up.address)
	h, err := start(echo.Contract, s)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{host: h, t: t, http: http.DefaultClient}
	r.await("/readyz", 200)
	http.DefaultClient.CloseIdleConnections()
	stream, err := echo.NewEchoServiceClient(r.dial("grpc")).Watch(t.Context(), &echo.GetRequest{Id: "hang"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	h.drain(1)
	if _, err := stream.Recv(); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	<-up.Cancelled
}
