package clean

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// liveLab is a fixture that is taken for the running machine, with its programs and its
// service manager played.
type liveLab struct {
	t    *testing.T
	root string
	host *host.Host
	// programs are what the machine's programs say, by words that stand in a call.
	programs []program
	units    *playedUnits
	calls    []string
	settings distro.Settings
	recovery *host.Recovery
}

type program struct {
	words string
	out   host.Output
	err   error
	// does is what the program changes.
	does func(root string)
}

// newLab lays a machine. Units are nil where no service manager runs.
func newLab(t *testing.T, machine, overlay string) *liveLab {
	t.Helper()
	root := fixtures.Copy(t, machine)
	if overlay != "" {
		fixtures.Lay(t, root, overlay)
	}
	h, err := host.OpenTree(root)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	lab := &liveLab{t: t, root: root, host: h, recovery: &host.Recovery{}, settings: distro.Settings{LockWait: 300 * time.Millisecond}}
	lab.units = &playedUnits{lab: lab, active: map[string]bool{}, refuses: map[string]error{}}
	h.Live, h.Exec, h.Units = true, lab, lab.units
	h.Facts.Kernel = func(context.Context) (string, error) { return "6.8.0-51-generic", nil }
	h.Facts.Uptime = func(context.Context) (time.Duration, error) { return time.Hour, nil }
	h.Facts.ProcessName = func(context.Context, int) (string, error) { return "packagekitd", nil }
	return lab
}

func (l *liveLab) Find(name string) (string, error) {
	if slices.ContainsFunc(l.programs, func(p program) bool { return strings.HasPrefix(p.words, name) }) {
		return "/usr/bin/" + name, nil
	}
	return "", host.ErrNoProgram
}

func (l *liveLab) Run(_ context.Context, cmd host.Command) (host.Output, error) {
	call := strings.Join(append([]string{cmd.Name}, cmd.Args...), " ")
	for _, p := range l.programs {
		if slices.ContainsFunc(strings.Fields(p.words), func(word string) bool { return !strings.Contains(call+" ", word+" ") }) {
			continue
		}
		l.calls = append(l.calls, p.words)
		if p.does != nil {
			p.does(l.root)
		}
		return p.out, p.err
	}
	return host.Output{}, fmt.Errorf("%s: %w", call, host.ErrNoProgram)
}

func (l *liveLab) says(words, stdout string) {
	l.programs = append(l.programs, program{words: words, out: host.Output{Stdout: []byte(stdout)}})
}

func (l *liveLab) fails(words, stderr string) {
	l.programs = append(l.programs, program{words: words, out: host.Output{Stderr: []byte(stderr), ExitCode: 100}})
}

// scope looks at the machine anew.
func (l *liveLab) scope() *Scope {
	return &Scope{Machine: distro.Detect(l.host, l.settings), Refresh: true}
}

// plan returns the step's plan, a line an action.
func (l *liveLab) plan(s *Step) ([]string, error) {
	actions, err := s.Plan(l.t.Context(), l.scope())
	var rows []string
	for _, a := range actions {
		rows = append(rows, told(a))
	}
	return rows, err
}

// told is an action as a reader of a plan would see it.
func told(a *Action) string {
	what := a.At.Path
	switch {
	case a.Call != nil:
		what = a.Call.String()
	case a.Unit != "":
		what = a.Unit
	case a.Await != nil:
		what = a.Await.What
	}
	row := a.Op.String() + " " + what
	if a.Note != "" {
		row += " (" + a.Note + ")"
	}
	return row
}

// clean runs the stages before the checks and returns all outcomes, "STATUS ACTION".
func (l *liveLab) clean(steps ...*Step) (rows []string, failed error) {
	c := New(l.scope, steps, l.recovery)
	var problems []error
	for r := range c.Before(l.t.Context()) {
		problems = append(problems, r.Err)
		for _, o := range r.Outcomes {
			rows = append(rows, o.Status.String()+" "+told(o.Action))
			if o.Status == Failed {
				problems = append(problems, o.Err)
			}
		}
	}
	err := errors.Join(problems...)
	assert.Equal(l.t, err != nil, c.Failed())
	return rows, err
}

func (l *liveLab) there(name string) bool {
	_, err := os.Lstat(filepath.Join(l.root, name))
	return err == nil
}

// playedUnits is a service manager.
type playedUnits struct {
	lab     *liveLab
	absent  bool // no service manager runs
	active  map[string]bool
	refuses map[string]error
}

func (u *playedUnits) State(_ context.Context, unit string) (host.UnitState, error) {
	switch {
	case u.absent:
		return host.UnitState{}, nil
	case u.active[unit]:
		return host.UnitState{Installed: true, Activity: host.Active}, nil
	}
	return host.UnitState{Activity: host.Inactive}, nil
}

func (u *playedUnits) Stop(_ context.Context, unit string) error {
	u.lab.calls = append(u.lab.calls, "stop "+unit)
	if err := u.refuses[unit]; err != nil {
		return err
	}
	u.active[unit] = false
	return nil
}

func (u *playedUnits) Start(_ context.Context, unit string) error {
	u.lab.calls = append(u.lab.calls, "start "+unit)
	return u.refuses[unit]
}

// stepNamed returns a step of the catalogue.
func stepNamed(t *testing.T, id string) *Step {
	t.Helper()
	i := slices.IndexFunc(Catalogue(), func(s *Step) bool { return s.ID == id })
	require.GreaterOrEqual(t, i, 0, id)
	return Catalogue()[i]
}
