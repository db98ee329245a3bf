package distro

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// rpmScript plays rpm, dnf and yum: the first answer whose words all stand in a
// call is given.
type rpmScript struct {
	programs []string
	answers  []rpmAnswer
	calls    []string
}

type rpmAnswer struct {
	words string
	out   host.Output
	err   error
	// once: the answer is given one time only.
	once bool
}

func (s *rpmScript) Find(name string) (string, error) {
	if slices.Contains(s.programs, name) {
		return "/usr/bin/" + name, nil
	}
	return "", host.ErrNoProgram
}

func (s *rpmScript) Run(ctx context.Context, cmd host.Command) (host.Output, error) {
	call := strings.Join(append([]string{cmd.Name}, cmd.Args...), " ")
	s.calls = append(s.calls, call)
	if err := ctx.Err(); err != nil {
		return host.Output{}, err
	}
	for i, a := range s.answers {
		missing := func(word string) bool { return !strings.Contains(call+" ", word+" ") }
		if slices.ContainsFunc(strings.Fields(a.words), missing) {
			continue
		}
		if a.once {
			s.answers = slices.Delete(slices.Clone(s.answers), i, i+1)
		}
		return a.out, a.err
	}
	return host.Output{}, errors.New("unexpected call: " + call)
}

func says(code int, stdout, stderr string) host.Output {
	return host.Output{Stdout: []byte(stdout), Stderr: []byte(stderr), ExitCode: code}
}

// rpmLine is one record of rpmQuery's answer.
func rpmLine(fields ...string) string { return strings.Join(fields, rpmField) + rpmRecord }

const rockyRelease = "NAME=\"Rocky Linux\"\nID=\"rocky\"\nVERSION_ID=\"9.6\"\n"

// rpmMachine is a machine with the given files whose programs are played.
func rpmMachine(t *testing.T, live bool, play *rpmScript, files map[string]string) *Machine {
	t.Helper()
	dir := t.TempDir()
	if _, found := files["etc/os-release"]; !found {
		plantFile(t, filepath.Join(dir, "etc/os-release"), rockyRelease)
	}
	for name, text := range files {
		plantFile(t, filepath.Join(dir, name), text)
	}
	h, err := host.OpenTree(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	h.Live = live
	if live {
		h.Exec = play
	} else {
		h.Local = play
	}
	return Detect(h, Settings{Refresh: true, LockWait: time.Millisecond})
}

func plantFile(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}
