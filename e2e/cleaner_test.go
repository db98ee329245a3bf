//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/stretchr/testify/require"
)

// cleaned is what a run of cleaning steps came to.
type cleaned struct {
	code    int
	stderr  string
	actions []cleanedAction
}

type cleanedAction struct{ Step, Op, What, Status, Note, Error string }

// cleaner builds the program that runs chosen steps.
var cleaner = sync.OnceValues(func() (file string, err error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	file = filepath.Join(cache, "cleaner")
	return file, command("", "env", "CGO_ENABLED=0", "go", "build", "-tags", "e2e", "-o", file, "./cleaner")
})

const cleanerPath = "/usr/local/bin/cleaner"

// cleanArgv is the call by which the tree cleans itself.
func (own *tree) cleanArgv(steps string, args ...string) []string {
	own.t.Helper()
	file, err := cleaner()
	require.NoError(own.t, err)
	data, err := os.ReadFile(file)
	require.NoError(own.t, err)
	own.write(cleanerPath, string(data))
	require.NoError(own.t, os.Chmod(filepath.Join(own.root, cleanerPath), 0o755))
	return append([]string{cleanerPath, "-only", steps}, args...)
}

// cleanSteps runs the steps inside the tree, as on a machine.
func (own *tree) cleanSteps(steps string, args ...string) *cleaned {
	own.t.Helper()
	return own.cleanBy(enterCommand(own.root, "", own.cleanArgv(steps, args...)...))
}

func (own *tree) cleanBy(c *exec.Cmd) *cleaned {
	own.t.Helper()
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	var failure *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &failure) {
		require.NoError(own.t, err)
	}
	got := &cleaned{code: c.ProcessState.ExitCode(), stderr: stderr.String()}
	require.NoError(own.t, json.Unmarshal(stdout.Bytes(), &got.actions), "%s%s", stdout.String(), stderr.String())
	return got
}

// rows are the actions, a line each, without the options of a call.
func (c *cleaned) rows() []string {
	var rows []string
	for _, a := range c.actions {
		what := a.What
		if a.Op == "run" {
			words := strings.Fields(what)
			what = words[len(words)-1]
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
