package host

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestOpenFiles: what is open, mapped and run is found, also by a process that is
// not ours.
func TestOpenFiles(t *testing.T) {
	dir := t.TempDir()
	opened, mapped, running := filepath.Join(dir, "opened"), filepath.Join(dir, "mapped\nin two lines"), filepath.Join(dir, "running")
	put(t, opened, "x")
	put(t, mapped, "x")
	put(t, filepath.Join(dir, "idle"), "x")
	f, err := os.Open(mapped)
	require.NoError(t, err)
	memory, err := unix.Mmap(int(f.Fd()), 0, 1, unix.PROT_READ, unix.MAP_SHARED)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	defer func() { require.NoError(t, unix.Munmap(memory)) }()
	program, err := os.ReadFile("/bin/sleep")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(running, program, 0o700))
	sleep := exec.Command(running, "60")
	sleep.Stdin, err = os.Open(opened)
	require.NoError(t, err)
	require.NoError(t, sleep.Start())
	defer func() {
		require.NoError(t, sleep.Process.Kill())
		_ = sleep.Wait()
	}()

	open, err := openFiles(context.Background())
	require.NoError(t, err)
	assert.Equal(t, Process{os.Getpid(), open[mapped].Name}, open[mapped])
	assert.Equal(t, Process{sleep.Process.Pid, "running"}, open[running])
	assert.NotContains(t, open, filepath.Join(dir, "idle"))
	assert.Contains(t, open, opened)
}

// TestShells: a shell on a terminal is found, one that runs a script there is not.
func TestShells(t *testing.T) {
	script := filepath.Join(t.TempDir(), "script")
	put(t, script, "read line\n")
	typed, name := shellOnTerminal(t)
	scripted, _ := shellOnTerminal(t, script)
	require.Eventually(t, func() bool {
		found, err := shells(context.Background())
		require.NoError(t, err)
		var ours []Shell
		for _, s := range found {
			if s.PID == typed || s.PID == scripted {
				ours = append(ours, s)
			}
		}
		return len(ours) == 1 && ours[0] == Shell{Process{typed, "sh"}, os.Getuid(), name}
	}, 5*time.Second, 20*time.Millisecond)
}

// shellOnTerminal starts sh on a new pseudo terminal, and returns its id and the
// terminal's name.
func shellOnTerminal(t *testing.T, args ...string) (pid int, name string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	name = "pts/" + strconv.Itoa(number)
	slave, err := os.OpenFile("/dev/"+name, os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	shell := exec.Command("/bin/sh", args...)
	shell.Args[0] = "sh"
	shell.Stdin, shell.Stdout, shell.Stderr = slave, slave, slave
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, shell.Start())
	require.NoError(t, slave.Close())
	t.Cleanup(func() {
		require.NoError(t, shell.Process.Kill())
		_ = shell.Wait()
		require.NoError(t, master.Close())
	})
	return shell.Process.Pid, name
}

func TestInteractive(t *testing.T) {
	for line, want := range map[string]bool{
		"-bash\x00": true, "bash\x00": true, "zsh\x00-l\x00": true, "bash": true, "": true,
		"/bin/sh\x00/tmp/script.sh\x00": false, "bash\x00-c\x00sleep 1\x00": false, "bash\x00-e\x00x.sh\x00": false,
	} {
		assert.Equal(t, want, interactive(line), "%q", line)
	}
}

func TestParseProcStat(t *testing.T) {
	for line, want := range map[string]procStat{
		"42 (bash) S 1 42 42 34816 42 4194304":       {Process: Process{42, "bash"}, terminal: "pts/0"},
		"7 (a) b) (c) Z 1 7 7 0 -1":                  {Process: Process{7, "a) b) (c"}, ended: true},
		"8 (login) S 1 8 8 1025 8":                   {Process: Process{8, "login"}, terminal: "tty1"},
		"9 (agetty) S 1 9 9 1088 9":                  {Process: Process{9, "agetty"}, terminal: "ttyS0"},
		"10 (bash) S 1 10 10 58624 9":                {Process: Process{10, "bash"}, terminal: "hvc0"},
		"11 (bash) S 1 11 11 " + devNumber(136, 700): {Process: Process{11, "bash"}, terminal: "pts/700"},
		"12 (x) S 1 12 12 " + devNumber(204, 64):     {Process: Process{12, "x"}, terminal: "terminal 204:64"},
	} {
		got, err := parseProcStat(line)
		require.NoError(t, err, line)
		assert.Equal(t, want, got, line)
	}
	for _, line := range []string{"", "42", ") (", "x (bash) S 1 2 3 4", "42 (bash) S 1 2", "42 (bash) S 1 2 3 x"} {
		_, err := parseProcStat(line)
		assert.Error(t, err, line)
	}
}

func devNumber(major, minor uint32) string { return strconv.Itoa(int(unix.Mkdev(major, minor))) }

func FuzzParseProcStat(f *testing.F) {
	f.Add("42 (bash) S 1 42 42 34816 42")
	f.Fuzz(func(t *testing.T, line string) {
		p, err := parseProcStat(line)
		if err == nil && !strings.Contains(line, "("+p.Name+")") {
			t.Errorf("%q is not in %q", p.Name, line)
		}
	})
}

func FuzzMappedFiles(f *testing.F) {
	f.Add("7f00-7f01 r--p 00000000 fd:01 17  /usr/lib/libc.so.6\n7ffd-7ffe rw-p 00000000 00:00 0  [stack]\n")
	f.Fuzz(func(t *testing.T, maps string) {
		for _, name := range mappedFiles(maps) {
			if name[0] != '/' {
				t.Errorf("%q is no path", name)
			}
		}
	})
}
