package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Patience is how a program is treated that leaves a broken machine where it is cut
// off, a package manager above all. It is asked to end, and nothing that it has
// started is; what it says goes to files, so that it can go on where this process is
// killed. The end of what it said is kept, and no flood ends it.
type Patience struct {
	// Interrupt: it is asked to end by SIGINT instead of SIGTERM.
	Interrupt bool
	// Grace is how long it may take to end once it was asked to, before it and all
	// that it has started are killed.
	Grace time.Duration
	// Silence is how long it may say nothing before it is asked to end; ErrSilent.
	Silence time.Duration
}

const (
	// keptOutput is how much of the end of a patient program's output is kept.
	keptOutput  = 1 << 20
	listenEvery = 500 * time.Millisecond
	groupPoll   = 50 * time.Millisecond
)

// runPatiently runs a command whose end is waited for.
func runPatiently(ctx context.Context, stop context.CancelCauseFunc, c *exec.Cmd, cmd Command) (out Output, err error) {
	heard, err := newHearing()
	if err != nil {
		return Output{}, fmt.Errorf("%s: %w", cmd.Name, err)
	}
	defer func() { err = errors.Join(err, heard.close()) }()
	signal := syscall.SIGTERM
	if cmd.Patience.Interrupt {
		signal = syscall.SIGINT
	}
	c.Stdout, c.Stderr = heard.files[0], heard.files[1]
	c.Cancel = func() error { return c.Process.Signal(signal) }
	c.WaitDelay = cmd.Patience.Grace
	listening, done := context.WithCancel(ctx)
	defer done()
	go heard.listen(listening, cmd.Patience.Silence, func() { stop(ErrSilent) })
	err = runWithin(c, cmd.Memory)
	why := ended(ctx, c, err)
	if why != nil {
		awaitGroup(c, cmd.Patience.Grace)
		endGroup(c)
	}
	out.ExitCode = c.ProcessState.ExitCode()
	out.Stdout, out.Stderr, err = heard.ends()
	if why != nil {
		return out, fmt.Errorf("%s: %w", cmd.Name, why)
	}
	return out, err
}

// awaitGroup waits until what the program has started has ended too: dpkg outlives
// its apt-get.
func awaitGroup(c *exec.Cmd, grace time.Duration) {
	for end := time.Now().Add(grace); c.Process != nil && time.Now().Before(end); time.Sleep(groupPoll) {
		if !groupRuns(c.Process.Pid) {
			return
		}
	}
}

// groupRuns reports whether a process of the group is alive. The dead that nobody has
// taken note of yet still belong to it; only /proc tells them apart.
func groupRuns(group int) bool {
	if errors.Is(syscall.Kill(-group, 0), syscall.ESRCH) {
		return false
	}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		stat, gone := os.ReadFile(file)
		if gone == nil && runsIn(string(stat), group) {
			return true
		}
	}
	return err != nil || len(files) == 0
}

// runsIn reads "PID (NAME) STATE PARENT GROUP …"; the name may hold anything.
func runsIn(stat string, group int) bool {
	var state string
	var parent, of int
	_, err := fmt.Sscan(stat[strings.LastIndexByte(stat, ')')+1:], &state, &parent, &of)
	return err == nil && of == group && state != "Z"
}

// hearing holds what a program says on its two streams, in files without a name.
type hearing struct{ files [2]*os.File }

func newHearing() (*hearing, error) {
	h := &hearing{}
	for i := range h.files {
		f, err := os.CreateTemp("/run", scratchPattern) // which no image holds
		if err != nil {
			f, err = os.CreateTemp("", scratchPattern)
		}
		if err == nil {
			h.files[i] = f
			err = os.Remove(f.Name())
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("making a file for what it says: %w", err), h.close())
		}
	}
	return h, nil
}

func (h *hearing) close() error {
	var problems []error
	for _, f := range h.files {
		if f != nil {
			problems = append(problems, f.Close())
		}
	}
	return errors.Join(problems...)
}

// listen calls silent once nothing was said for that long, and gives back the space
// of what nobody will read.
func (h *hearing) listen(ctx context.Context, silence time.Duration, silent func()) {
	ticker := time.NewTicker(listenEvery)
	defer ticker.Stop()
	var said int64
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if size := h.drop(); size != said {
				said, last = size, now
			}
			if silence > 0 && now.Sub(last) > silence {
				silent()
				return
			}
		}
	}
}

// drop frees all but the ends, and returns how much was said in all.
func (h *hearing) drop() (said int64) {
	for _, f := range h.files {
		info, err := f.Stat()
		if err != nil {
			continue
		}
		said += info.Size()
		if info.Size() > 2*keptOutput {
			// A file system that cannot do it keeps it all; that harms nobody.
			_ = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, 0, info.Size()-keptOutput)
		}
	}
	return said
}

// ends returns the last of what was said on each stream, in whole lines where it is
// not all.
func (h *hearing) ends() (stdout, stderr []byte, err error) {
	stdout, problem := readEnd(h.files[0])
	stderr, err = readEnd(h.files[1])
	return stdout, stderr, errors.Join(problem, err)
}

func readEnd(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading what it said: %w", err)
	}
	from := max(0, info.Size()-keptOutput)
	text := make([]byte, info.Size()-from)
	n, err := f.ReadAt(text, from)
	if n < len(text) {
		return nil, fmt.Errorf("reading what it said: %w", err)
	}
	if _, whole, found := bytes.Cut(text, []byte("\n")); from > 0 && found {
		text = whole
	}
	return text, nil
}
