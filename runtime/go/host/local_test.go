package host

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"protolith.dev/runtime/go/internal/echo"
	"protolith.dev/runtime/go/settings"
)

func localSettings(workers int) settings.Settings {
	s := testSettings(settings.Local)
	s.ServiceAddr = "127.0.0.1:0"
	s.Workers["echo"] = workers
	return s
}

// startLocal starts a host with workers of its own and a client of its service listener.
func startLocal(t *testing.T, s settings.Settings) (*running, echo.EchoServiceClient) {
	t.Helper()
	r := startHost(t, s)
	r.awaitLog(nil, s.Workers["echo"])
	return r, echo.NewEchoServiceClient(r.dial("service"))
}

// awaitLog waits until a log has as many workers ready.
func (r *running) awaitLog(log *lockedBuffer, ready int) {
	r.t.Helper()
	if log == nil {
		return
	}
	r.until(func() bool { return strings.Count(log.String(), "worker ready") >= ready }, "workers are ready")
}

func (r *running) until(true func() bool, what string) {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if true() {
			return
		}
	}
	r.t.Fatalf("waited in vain until %s", what)
}

func TestWorkersBehave(t *testing.T) {
	r, _ := startLocal(t, localSettings(2))
	behaves(t, r.dial("grpc"))
	if response, body := r.send("POST", "/v1/notes", "application/json", `{"text":"a"}`); response.StatusCode != 200 || !strings.Contains(body, `"new"`) {
		t.Error(response.StatusCode, body)
	}
	if response, body := r.send("GET", "/v1/notes/missing", "", ""); response.StatusCode != 404 {
		t.Error(response.StatusCode, body)
	}
	if response, body := r.send("GET", "/v1/notes/7:watch", "", ""); response.StatusCode != 200 || strings.Count(body, `"result"`) != 3 {
		t.Error(response.StatusCode, body)
	}
}

func TestInternalRpcsOnTheServiceListener(t *testing.T) {
	r, client := startLocal(t, localSettings(1))
	if note, err := client.Secret(t.Context(), &echo.GetRequest{Id: "1"}); err != nil || note.GetId() != "1" {
		t.Error(note, err)
	}
	if _, err := echo.NewHiddenServiceClient(r.dial("grpc")).Peek(t.Context(), &echo.GetRequest{}); status.Code(err) != codes.Unimplemented {
		t.Error(err)
	}
}

func TestBigMessages(t *testing.T) {
	s := localSettings(1)
	s.MaxMessageBytes = 4 << 20
	_, client := startLocal(t, s)
	for _, size := range []int{0, 1, 65000, 65536, 65537, 200_000, 4<<20 - 100} {
		data := bytes.Repeat([]byte{7}, size)
		note, err := client.Create(t.Context(), &echo.CreateRequest{Data: data})
		if err != nil || !bytes.Equal(note.GetData(), data) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestWorkerThatDiesIsReplaced(t *testing.T) {
	log := logged(t)
	r, client := startLocal(t, localSettings(1))
	_, err := client.Create(t.Context(), &echo.CreateRequest{Text: "die"})
	if status.Code(err) != codes.Unavailable || strings.Contains(err.Error(), "last words") {
		t.Error(err)
	}
	r.awaitLog(log, 2)
	if _, err := client.Create(t.Context(), &echo.CreateRequest{}); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "exit status 3") || !strings.Contains(log.String(), "last words of echo-0") {
		t.Error(log.String())
	}
}

func TestRepeatableCallIsTriedOnAnotherWorker(t *testing.T) {
	log := logged(t)
	r, client := startLocal(t, localSettings(2))
	r.awaitLog(log, 2)
	if _, err := client.Get(t.Context(), &echo.GetRequest{Id: "die-in echo-0"}); err != nil {
		t.Error(err)
	}
	r.awaitLog(log, 3)
	if _, err := client.Secret(t.Context(), &echo.GetRequest{Id: "die-in echo-0"}); status.Code(err) != codes.Unavailable {
		t.Errorf("a call that may not be repeated was: %v", err)
	}
}

func TestPoisonRequestDoesNotKillAllWorkers(t *testing.T) {
	log := logged(t)
	r, client := startLocal(t, localSettings(4))
	r.awaitLog(log, 4)
	if _, err := client.Get(t.Context(), &echo.GetRequest{Id: "die"}); status.Code(err) != codes.Unavailable {
		t.Fatal(err)
	}
	r.awaitLog(log, 6)
	if deaths := strings.Count(log.String(), "worker ended"); deaths != 2 {
		t.Errorf("one call cost %d workers", deaths)
	}
	const calls = 12
	for i := range calls { // the budget had five retries, one is spent
		_, _ = client.Get(t.Context(), &echo.GetRequest{Id: "die"})
		r.until(func() bool { return strings.Count(log.String(), "worker ready") >= 6+i }, "a worker is back")
	}
	r.until(func() bool { return strings.Count(log.String(), "worker ended") >= 2+calls }, "the dead are counted")
	if deaths := strings.Count(log.String(), "worker ended"); deaths > 2+calls+4 {
		t.Errorf("%d calls cost %d workers", calls, deaths)
	}
}

func TestWorkerThatHangsIsReplaced(t *testing.T) {
	log := logged(t)
	s := localSettings(1)
	s.Heartbeat = 200 * time.Millisecond
	r, client := startLocal(t, s)
	if _, err := client.Create(t.Context(), &echo.CreateRequest{Text: "freeze"}); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	r.awaitLog(log, 2)
	if !strings.Contains(log.String(), "does not answer its heartbeat") {
		t.Error(log.String())
	}
}

func TestDebuggedWorkerMayHang(t *testing.T) {
	t.Setenv("FAKE_DEBUG", "1")
	log := logged(t)
	s := localSettings(1)
	s.Heartbeat = 20 * time.Millisecond
	s.Grace = 100 * time.Millisecond
	_, client := startLocal(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := client.Create(ctx, &echo.CreateRequest{Text: "freeze"}); status.Code(err) != codes.DeadlineExceeded {
		t.Error(err)
	}
	if strings.Contains(log.String(), "heartbeat") {
		t.Error(log.String())
	}
}

func TestMalformedFrameEndsOneConnection(t *testing.T) {
	log := logged(t)
	r, client := startLocal(t, localSettings(1))
	if _, err := client.Create(t.Context(), &echo.CreateRequest{Text: "malformed"}); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	r.awaitLog(log, 2)
	if got := strings.Count(log.String(), "malformed frame at offset"); got != 1 {
		t.Errorf("%d lines: %s", got, log.String())
	}
}

func TestCrashLoopBacksOffAndSaysWhy(t *testing.T) {
	t.Setenv("FAKE_CRASH", "1")
	log := logged(t)
	h, err := start(echo.Contract, localSettings(1))
	if err != nil {
		t.Fatal(err)
	}
	r := &running{host: h, t: t}
	r.until(func() bool { return strings.Contains(log.String(), "restartIn=400ms") }, "the delay grows")
	if !strings.Contains(log.String(), "no module named nothing") {
		t.Error(log.String())
	}
	_, err = echo.NewEchoServiceClient(r.dial("service")).Get(t.Context(), &echo.GetRequest{})
	if status.Code(err) != codes.Unavailable || strings.Contains(err.Error(), "no module") {
		t.Error(err)
	}
	h.drain(time.Second)
}

func TestReloadLosesNoCall(t *testing.T) {
	log := logged(t)
	r, client := startLocal(t, localSettings(2))
	r.awaitLog(log, 2)
	var wg sync.WaitGroup
	var calls atomic.Int64
	stop := make(chan struct{})
	for range 8 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := client.Create(t.Context(), &echo.CreateRequest{}); err != nil {
					t.Error(err)
					return
				}
				calls.Add(1)
			}
		})
	}
	r.backends.Reload()
	close(stop)
	wg.Wait()
	if strings.Count(log.String(), "worker ready") != 4 || strings.Contains(log.String(), "worker ended") || calls.Load() == 0 {
		t.Error(calls.Load(), log.String())
	}
}

func TestDrainWaitsForWorkers(t *testing.T) {
	h, err := start(echo.Contract, localSettings(1))
	if err != nil {
		t.Fatal(err)
	}
	r := &running{host: h, t: t, http: nil}
	r.until(func() bool { return len(h.readiness.missing()) == 0 }, "the host is ready")
	release := filepath.Join(t.TempDir(), "release")
	outcome := make(chan error, 1)
	client := echo.NewEchoServiceClient(r.dial("service"))
	go func() {
		_, err := client.Create(t.Context(), &echo.CreateRequest{Text: "wait " + release})
		outcome <- err
	}()
	r.untilOpen(1)
	drained := make(chan struct{})
	go func() { defer close(drained); h.drain(h.settings.Grace) }()
	r.until(func() bool { return len(h.readiness.missing()) == 1 }, "the host drains")
	if err := os.WriteFile(release, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-outcome; err != nil {
		t.Error(err)
	}
	<-drained
}

// untilOpen waits until the backend has as many calls open.
func (r *running) untilOpen(n int64) {
	r.t.Helper()
	local := r.backends.Backend("echo").(interface{ Load() int64 })
	r.until(func() bool { return local.Load() == n }, strconv.FormatInt(n, 10)+" calls are open")
}

func TestFullQueue(t *testing.T) {
	s := localSettings(1)
	s.MaxInFlight = 2000
	r, client := startLocal(t, s)
	release := filepath.Join(t.TempDir(), "release")
	outcomes := make(chan error, s.MaxInFlight)
	for range s.MaxInFlight {
		go func() {
			_, err := client.Create(t.Context(), &echo.CreateRequest{Text: "wait " + release})
			outcomes <- err
		}()
	}
	r.untilOpen(int64(s.MaxInFlight))
	if _, err := client.Create(t.Context(), &echo.CreateRequest{}); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	if err := os.WriteFile(release, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range s.MaxInFlight {
		if err := <-outcomes; err != nil {
			t.Fatal(err)
		}
	}
	r.untilOpen(0)
}

func TestCancelReachesTheWorker(t *testing.T) {
	r, client := startLocal(t, localSettings(1))
	mark := filepath.Join(t.TempDir(), "mark")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { r.untilOpen(1); cancel() }()
	if _, err := client.Create(ctx, &echo.CreateRequest{Text: "mark " + mark}); status.Code(err) != codes.Canceled {
		t.Error(err)
	}
	r.until(func() bool { _, err := os.Stat(mark); return err == nil }, "the handler saw it")
	r.untilOpen(0)
}

func TestRESTClientThatGoesAwayReachesTheWorker(t *testing.T) {
	r, _ := startLocal(t, localSettings(1))
	mark := filepath.Join(t.TempDir(), "mark")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { r.untilOpen(1); cancel() }()
	body := strings.NewReader(`{"text": "mark ` + mark + `"}`)
	request, _ := http.NewRequestWithContext(ctx, "POST", r.url("rest", "/v1/notes"), body)
	if response, err := r.http.Do(request); err == nil {
		_ = response.Body.Close()
		t.Error("it was answered")
	}
	r.until(func() bool { _, err := os.Stat(mark); return err == nil }, "the handler saw it")
}

func TestMetrics(t *testing.T) {
	log := logged(t)
	r, client := startLocal(t, localSettings(1))
	_, _ = client.Create(t.Context(), &echo.CreateRequest{Text: "missing"})
	_, _ = client.Create(t.Context(), &echo.CreateRequest{Text: "die"})
	r.awaitLog(log, 2)
	request, _ := http.NewRequest("GET", r.url("admin", "/metrics"), nil)
	_, body := r.do(request)
	for _, want := range []string{
		`protolith_call_duration_seconds_count{code="NotFound",method="Create",service="echo.v1.EchoService"} 1`,
		`protolith_worker_failures_total{backend="echo"} 1`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
}

func TestEgressOfAHandler(t *testing.T) {
	_, client := startLocal(t, localSettings(1))
	if _, err := client.Create(t.Context(), &echo.CreateRequest{Text: "egress 1"}); err != nil {
		t.Error(err)
	}
	if _, err := client.Create(t.Context(), &echo.CreateRequest{Text: "egress missing"}); status.Code(err) != codes.NotFound {
		t.Error(err)
	}
}
