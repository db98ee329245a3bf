//go:build e2e

package e2e

import (
	"encoding/json"
	"os/exec"
	"strings"

	"github.com/stretchr/testify/require"
)

// cleaned is what a run of cleaning steps came to.
type cleaned struct {
	code int
	// said is all that was said beside the plan: progress, and why something failed.
	said    string
	actions []cleanedAction
}

type cleanedAction struct {
	Step, Op, Path, Unit, Await, Status, Note, Error string
	Command                                          []string
}

// cleanArgv is the call by which the tree cleans itself by these steps alone.
func (own *tree) cleanArgv(steps string, args ...string) []string {
	return append([]string{programPath, "clean", "--yes", "--force", "--no-check", "--format", "json", "--only", steps}, args...)
}

// clean runs the steps inside the tree, as on a machine.
func (own *tree) clean(steps string, args ...string) *cleaned {
	own.t.Helper()
	return own.cleanBy(enterCommand(own.root, "", own.cleanArgv(steps, args...)...))
}

func (own *tree) cleanBy(c *exec.Cmd) *cleaned {
	own.t.Helper()
	code, stdout, stderr := run(own.t, c)
	var report struct {
		Steps   []struct{ ID, Error string }
		Actions []cleanedAction
	}
	require.NoError(own.t, json.Unmarshal([]byte(stdout), &report), "exit %d: %s%s", code, stdout, stderr)
	got := &cleaned{code: code, said: stderr, actions: report.Actions}
	for _, s := range report.Steps {
		got.said += s.Error + "\n"
	}
	for _, a := range report.Actions {
		got.said += a.Error + "\n" + a.Note + "\n"
	}
	return got
}

// rows are the actions, a line each, without the options of a call.
func (c *cleaned) rows() []string {
	var rows []string
	for _, a := range c.actions {
		what := a.Path + a.Unit + a.Await
		if len(a.Command) > 0 {
			what = a.Command[len(a.Command)-1]
		}
		rows = append(rows, a.Status+" "+a.Op+" "+what)
	}
	return rows
}

// said runs a command inside the tree and returns what it prints.
func (own *tree) said(argv ...string) string {
	own.t.Helper()
	out, err := enter(own.root, "", argv...)
	require.NoError(own.t, err)
	return strings.TrimSpace(out)
}

// version is the installed version of a package, with its state.
func (own *tree) version(name string) string {
	own.t.Helper()
	if !own.deb {
		return own.said("rpm", "-q", name)
	}
	return own.said("dpkg-query", "-W", "-f", "${Version} ${db:Status-Status}", name)
}
