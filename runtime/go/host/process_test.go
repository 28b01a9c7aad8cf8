package host

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

var readyPID = regexp.MustCompile(`worker ready".* pid=(\d+)`)

// startProcess runs a whole host as a process of its own, with one worker, and returns the worker's pid.
func startProcess(t *testing.T, environment ...string) (*exec.Cmd, *lockedBuffer, *running) {
	t.Helper()
	r := &running{t: t}
	log := &lockedBuffer{}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(environment, "TEST_HOST=1", "PROTOLITH_PYTHON="+os.Args[0], "PROTOLITH_REST_ADDR=127.0.0.1:0",
		"PROTOLITH_GRPC_ADDR=127.0.0.1:0", "PROTOLITH_ADMIN_ADDR=127.0.0.1:0")...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, log, r
}

func pidOf(t *testing.T, log *lockedBuffer) int {
	t.Helper()
	all := readyPID.FindAllStringSubmatch(log.String(), -1)
	pid, err := strconv.Atoi(all[len(all)-1][1])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// gone tells whether a process has ended; one that nobody has waited for counts.
func gone(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestKilledHostLeavesNoWorker(t *testing.T) {
	cmd, log, r := startProcess(t)
	r.awaitLog(log, 1)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	r.until(func() bool { return gone(pidOf(t, log)) }, "the worker is gone")
}

func TestSignals(t *testing.T) {
	cmd, log, r := startProcess(t)
	r.awaitLog(log, 1)
	first := pidOf(t, log)
	_ = cmd.Process.Signal(syscall.SIGHUP)
	r.awaitLog(log, 2)
	r.until(func() bool { return gone(first) }, "the old worker is gone")
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, log.String())
	}
	if !gone(pidOf(t, log)) || strings.Contains(log.String(), "level=ERROR") {
		t.Error(log.String())
	}
}

func TestBadSettingIsOneLineAndExitCode1(t *testing.T) {
	cmd, log, _ := startProcess(t, "PROTOLITH_GRACE=soon", "PROTOLITH_WORKERS=none")
	_ = cmd.Wait()
	if cmd.ProcessState.ExitCode() != 1 || strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "PROTOLITH_GRACE") {
		t.Error(cmd.ProcessState, log.String())
	}
}
