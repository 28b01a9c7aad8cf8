package host

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/backend"
	"protolith.dev/runtime/go/internal/echo"
	"protolith.dev/runtime/go/internal/fakeworker"
	"protolith.dev/runtime/go/worker"
)

// pair connects a host's side and a worker's side in this process.
func pair(t testing.TB, config worker.Config) (*worker.Conn, *fakeworker.Worker) {
	t.Helper()
	ends := make([]net.Conn, 2)
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "end")
		if ends[i], err = net.FileConn(file); err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
	}
	config.Credit, config.MaxInFlight, config.Name = worker.DefaultCredit, 100, "echo-0"
	conn, err := worker.Start(ends[0], config)
	if err != nil {
		t.Fatal(err)
	}
	w := fakeworker.New(ends[1])
	served := make(chan struct{})
	go func() { defer close(served); w.Serve() }()
	t.Cleanup(func() {
		conn.Close(nil)
		<-conn.Done()
		<-served
	})
	<-conn.Ready()
	return conn, w
}

func TestEgressBehaves(t *testing.T) {
	up := startUpstream(t)
	remote, err := backend.DialRemote(backend.RemoteConfig{Target: up.address, MaxMessageBytes: 64 << 10, Budget: backend.NewBudget(), Changed: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	set, err := backend.NewSet(echo.Contract, backend.NewMetrics(), func(string) (backend.Backend, error) { return remote, nil })
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close(t.Context())
	h := &host{contract: echo.Contract, backends: set, opened: make(chan struct{})}
	close(h.opened)
	_, w := pair(t, worker.Config{Methods: echo.Contract.Methods(), Accept: h.egress, MaxMessageBytes: 64 << 10})
	behaves(t, w)
	if _, err := echo.NewHiddenServiceClient(w).Peek(t.Context(), &echo.GetRequest{Id: "1"}); err != nil {
		t.Error("an internal rpc:", err)
	}
	err = w.Invoke(t.Context(), "/no.Service/Such", &echo.GetRequest{}, &echo.Note{})
	if status.Code(err) != codes.Unimplemented {
		t.Error(err)
	}
}

// pool is one connection.
type pool struct{ conn *worker.Conn }

func (p pool) Choose(*worker.Conn) (*worker.Conn, error) { return p.conn, nil }
func (p pool) Again(string, error) bool                  { return false }

func TestSlowReaderStopsTheSender(t *testing.T) {
	conn, _ := pair(t, worker.Config{MaxMessageBytes: 1 << 20})
	stream, err := worker.NewStream(t.Context(), pool{conn}, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/echo.v1.EchoService/Talk")
	if err != nil {
		t.Fatal(err)
	}
	sent := make(chan int, 1000)
	go func() {
		defer close(sent)
		for i := range 100 { // of 32 KiB: several windows in each direction
			if stream.SendMsg(&echo.Note{Text: strings.Repeat("x", 32<<10)}) != nil {
				return
			}
			sent <- i
		}
		_ = stream.CloseSend()
	}()
	settled := 0
	for quiet := false; !quiet; {
		select {
		case <-sent:
			settled++
		case <-time.After(300 * time.Millisecond):
			quiet = true
		}
	}
	if most := 2*worker.DefaultCredit/(32<<10) + 8; settled > most || settled < 8 {
		t.Errorf("%d messages went out while nobody read, at most %d may", settled, most)
	}
	received := 0
	for ; stream.RecvMsg(&echo.Note{}) == nil; received++ {
	}
	if received != 100 {
		t.Errorf("%d answers", received)
	}
}
