package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// psql is a file more for the steps to remove.
const psql = "-- root/.psql_history --\nselect\n"

// terminal opens a terminal of so many columns and returns its two ends: what a program
// writes to the second is read from the first, but for the carriage returns.
func terminal(t *testing.T, columns uint16) (outside, inside *os.File) {
	t.Helper()
	outside, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = outside.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(outside.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(outside.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	inside, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(int(inside.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: columns, Row: 24}))
	return outside, inside
}

// onTerminal runs the real catalogues with standard output on a terminal.
func onTerminal(t *testing.T, columns uint16, env map[string]string, args ...string) said {
	t.Helper()
	outside, inside := terminal(t, columns)
	var stderr bytes.Buffer
	p := &process{
		env: env, stdin: strings.NewReader(""), stdout: inside, stderr: &stderr,
		world: world{open: open, recovery: (*host.Host).Recovery, checks: check.Catalogue, steps: clean.Catalogue},
	}
	shown := make(chan string)
	go func() {
		text, _ := io.ReadAll(outside) // ends with an error: the terminal hangs up
		shown <- strings.ReplaceAll(string(text), "\r\n", "\n")
	}()
	code := p.run(t.Context(), args)
	require.NoError(t, inside.Close())
	return said{code: code, stdout: <-shown, stderr: stderr.String()}
}

// tooLong returns the lines of more columns that could have been broken: which are no
// single word, and no command of a remedy.
func tooLong(text string, columns int) []string {
	var remedies strings.Builder
	for _, c := range check.Catalogue() {
		remedies.WriteString(c.Remedy)
	}
	var long []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		word := strings.TrimSpace(line)
		if utf8.RuneCountInString(line) > columns && strings.Contains(word, " ") && !strings.Contains(remedies.String(), `"`+word+`"`) {
			long = append(long, line)
		}
	}
	return long
}

// TestTextFitsItsTerminal: no line is broken by the terminal, in the middle of a word.
func TestTextFitsItsTerminal(t *testing.T) {
	root := fixtures.Dir("ubuntu-24.04-dirty")
	for _, args := range [][]string{
		{"--root", root}, {"--root", root, "-v"}, {"clean", "--root", root, "--dry-run"},
		{"clean", "--root", fixtures.Copy(t, "ubuntu-24.04-dirty", psql)},
		{"list"}, {"list", "steps"}, {"list", "releases"}, {"--help"}, {"clean", "--help"},
	} {
		for _, columns := range []uint16{80, 60} {
			got := onTerminal(t, columns, nil, args...)
			assert.NotEmpty(t, got.stdout, args)
			if args[0] == "list" || args[len(args)-1] == "--help" {
				columns = 80 // the least for a table
			}
			assert.Empty(t, tooLong(got.stdout, int(columns)), "%v on %d columns", args, columns)
		}
	}
	for _, c := range check.Catalogue() {
		assert.Empty(t, tooLong(onTerminal(t, 80, nil, "explain", c.ID).stdout, 80), c.ID)
	}
	for _, s := range clean.Catalogue() {
		assert.Empty(t, tooLong(onTerminal(t, 80, nil, "explain", s.ID).stdout, 80), s.ID)
	}
}

// TestLinesForScripts: on a terminal too, and elsewhere nothing is broken at all.
func TestLinesForScripts(t *testing.T) {
	root := fixtures.Dir("ubuntu-24.04-dirty")
	narrow, piped := onTerminal(t, 60, nil, "--root", root).stdout, runReal(t, "--root", root).stdout
	for _, text := range []string{narrow, piped} {
		assert.Regexp(t, `(?m)^\d+ Tests PASSED\n\d+ WARNINGS\n\d+ Tests FAILED$`, text)
	}
	for _, c := range check.Catalogue() {
		if strings.Contains(piped, "[FAIL] "+c.ID+":") {
			assert.Contains(t, piped, "\n       fix: "+c.Remedy+"\n")
			assert.NotContains(t, piped, "\u00a0")
		}
	}
}

// TestConvertShowsWhatTheRunHasShown on a terminal of the same width.
func TestConvertShowsWhatTheRunHasShown(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report.json")
	for _, args := range [][]string{
		{"--root", fixtures.Dir("ubuntu-24.04-dirty")},
		{"clean", "--root", fixtures.Copy(t, "ubuntu-24.04-dirty", psql)},
	} {
		ran := onTerminal(t, 72, nil, append(args, "--output", "json="+report)...)
		require.NotEmpty(t, ran.stdout)
		assert.Equal(t, ran.stdout, onTerminal(t, 72, nil, "convert", report).stdout)
		assert.NotEqual(t, ran.stdout, onTerminal(t, 100, nil, "convert", report).stdout)
	}
}

var escape = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestColours: a terminal that can has them, unless somebody says otherwise, and they
// change no line.
func TestColours(t *testing.T) {
	root := fixtures.Dir("ubuntu-24.04-dirty")
	plain := onTerminal(t, 80, nil, "--root", root).stdout
	for _, row := range []struct {
		name  string
		env   map[string]string
		flags []string
		want  bool
	}{
		{"a terminal that can", map[string]string{"TERM": "xterm"}, nil, true},
		{"a dumb one", map[string]string{"TERM": "dumb"}, nil, false},
		{"NO_COLOR", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, nil, false},
		{"NO_COLOR that is empty", map[string]string{"TERM": "xterm", "NO_COLOR": ""}, nil, true},
		{"NO_COLOR before CLICOLOR_FORCE", map[string]string{"TERM": "xterm", "NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, nil, false},
		{"CLICOLOR_FORCE", map[string]string{"TERM": "dumb", "CLICOLOR_FORCE": "1"}, nil, true},
		{"never", map[string]string{"TERM": "xterm"}, []string{"--color", "never"}, false},
		{"always", map[string]string{"NO_COLOR": "1"}, []string{"--color", "always"}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := onTerminal(t, 80, row.env, append([]string{"--root", root}, row.flags...)...).stdout
			assert.Equal(t, row.want, escape.MatchString(got))
			assert.Equal(t, plain, escape.ReplaceAllString(got, ""))
			if row.want {
				assert.Contains(t, got, "\x1b[31m[FAIL]\x1b[0m ")
				assert.Contains(t, got, "\x1b[32m[PASS]\x1b[0m ")
				assert.Contains(t, got, "\x1b[33m[WARN]\x1b[0m ")
			}
		})
	}
}

// TestWaitingOnADumbTerminal: what cannot take a line back gets no line to be taken back.
func TestWaitingOnADumbTerminal(t *testing.T) {
	_, inside := terminal(t, 80)
	defer func() { assert.NoError(t, inside.Close()) }()
	for term, want := range map[string]int{"dumb": 0, "xterm": 80} {
		w := newWaiting(&process{env: map[string]string{"TERM": term}, stderr: inside})
		w.close()
		assert.Equal(t, want, w.width, term)
	}
}
