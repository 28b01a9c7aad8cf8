package worker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// lingering is how long a worker may take to end after its connection has.
const lingering = time.Second

// Process is one worker process and its connection.
type Process struct {
	*Conn
	Name   string
	cmd    *exec.Cmd
	exited chan struct{}
	status error // of cmd.Wait
	stdout *lines
	stderr *lines
}

// Spawn starts a worker. Its end of the socketpair is descriptor 3; end-of-file there ends it when the host is gone,
// and so does the death signal. It has its own process group, so that Ctrl-C reaches the host alone.
func Spawn(command, environment []string, config Config) (*Process, error) {
	ours, theirs, err := socketpair()
	if err != nil {
		return nil, err
	}
	p := &Process{Name: config.Name, exited: make(chan struct{}), stdout: newLines(config.Name), stderr: newLines(config.Name)}
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.Env = slices.Concat(environment, []string{"PROTOLITH_WORKER_FD=3", "PROTOLITH_WORKER_NAME=" + config.Name, "PYTHONUNBUFFERED=1"})
	p.cmd.ExtraFiles = []*os.File{theirs}
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	p.cmd.WaitDelay = lingering
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	err = p.cmd.Start()
	_ = theirs.Close() // the child has its own
	if err != nil {
		_ = ours.Close()
		return nil, fmt.Errorf("the worker cannot be started (%w): set PROTOLITH_PYTHON to the Python that has protolith", err)
	}
	if p.Conn, err = Start(ours, config); err != nil {
		_ = ours.Close()
		_ = p.cmd.Process.Kill()
		return nil, errors.Join(err, p.cmd.Wait())
	}
	go p.reap()
	return p, nil
}

func socketpair() (net.Conn, *os.File, error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("no socketpair for the worker: %w", err)
	}
	file := os.NewFile(uintptr(fds[0]), "host")
	theirs := os.NewFile(uintptr(fds[1]), "worker")
	ours, err := net.FileConn(file)
	_ = file.Close() // FileConn has its own
	if err != nil {
		_ = theirs.Close()
		return nil, nil, fmt.Errorf("no connection to the worker: %w", err)
	}
	return ours, theirs, nil
}

func (p *Process) reap() {
	p.status = p.cmd.Wait()
	p.stdout.flush()
	p.stderr.flush()
	select {
	case <-p.Done(): // the last answers have been read
	case <-time.After(lingering): // a child of the worker holds the descriptor
		p.Close(errGone)
	}
	close(p.exited)
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill ends the process at once.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // fails only when it has ended
}

// Retire lets the open calls end until ctx is done; the worker exits by itself when they have.
func (p *Process) Retire(ctx context.Context, why string) {
	p.GoAway(why)
	select {
	case <-p.exited:
	case <-ctx.Done():
		p.Close(errors.New(why))
		p.Bury()
	}
}

// Bury waits for the end of a worker whose connection has ended, not for long.
func (p *Process) Bury() {
	if errors.Is(p.Err(), ErrHung) {
		p.Kill()
	}
	select {
	case <-p.exited:
	case <-time.After(lingering):
		p.Kill()
		<-p.exited
	}
	<-p.Done()
}

// Why tells how the worker ended; it has ended.
func (p *Process) Why() string {
	<-p.exited
	exit := "exit code 0"
	if p.status != nil {
		exit = p.status.Error()
	}
	if err := p.Err(); err != nil && !errors.Is(err, errGone) {
		return err.Error() + " (" + exit + ")"
	}
	return exit
}

// LastLines is the end of what the worker wrote to stderr.
func (p *Process) LastLines() []string { return p.stderr.tail() }
