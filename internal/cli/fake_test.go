package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/host"
)

// fake is a running machine that is none: a tree, units and programs that only write
// down what is asked of them, and a catalogue of its own. What a run over a machine
// does, signals and all, can be tested on it anywhere.
type fake struct {
	root   string // the tree
	vendor string
	log    string // what was asked of units and programs, a line each
	today  time.Time
}

// now is the machine's clock, that of this computer where none is given.
func (f fake) now() time.Time {
	if f.today.IsZero() {
		return time.Now()
	}
	return f.today
}

// fakeFromEnv is the machine of the script command "fake".
func fakeFromEnv() fake {
	dir := os.Getenv("WORK")
	return fake{root: filepath.Join(dir, "machine"), vendor: os.Getenv("VENDOR"), log: filepath.Join(dir, "log")}
}

func (f fake) note(format string, args ...any) error {
	log, err := os.OpenFile(f.log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(log, format+"\n", args...)
	return errors.Join(err, log.Close())
}

func (f fake) world() world {
	return world{
		open: func(root string) (*host.Host, error) {
			if root != "" {
				return open(root)
			}
			tree, err := host.OpenRoot(f.root)
			if err != nil {
				return nil, err
			}
			facts := host.Facts{
				Kernel: func(context.Context) (string, error) { return "6.1.0", nil },
				Vendor: func(context.Context) (string, error) { return f.vendor, nil },
			}
			return &host.Host{Root: tree, Exec: f, Local: f, Units: f, Facts: facts, Live: true, Now: f.now}, nil
		},
		recovery: func(*host.Host) (*host.Recovery, error) { return host.OpenRecovery(f.root + ".run") },
		checks:   f.checks,
		steps:    f.steps,
		now:      f.now,
	}
}

func (f fake) State(context.Context, string) (host.UnitState, error) { return host.UnitState{}, nil }
func (f fake) Stop(_ context.Context, unit string) error             { return f.note("stop %s", unit) }
func (f fake) Start(_ context.Context, unit string) error            { return f.note("start %s", unit) }
func (f fake) Find(name string) (string, error)                      { return "/bin/" + name, nil }

// Run hangs, pauses or fails, by the name of the program.
func (f fake) Run(ctx context.Context, cmd host.Command) (host.Output, error) {
	if err := f.note("run %s", cmd.Name); err != nil {
		return host.Output{}, err
	}
	switch cmd.Name {
	case "hang":
		<-ctx.Done()
		return host.Output{}, context.Cause(ctx)
	case "pause":
		time.Sleep(300 * time.Millisecond)
	case "fail":
		return host.Output{ExitCode: 7, Stderr: []byte("no such luck\n")}, nil
	}
	return host.Output{}, nil
}

// checks look whether files of the tree are empty or gone.
func (fake) checks() []*check.Check {
	empty := func(id, file string, level check.Level, fixedBy ...string) *check.Check {
		return &check.Check{
			ID: id, Category: "fake", Title: file + " is empty", Found: "1 file", Remedy: "Empty it.", FixedBy: fixedBy,
			Run: func(_ context.Context, m *distro.Machine) ([]check.Finding, error) {
				info, err := m.Root.Lstat(file)
				switch {
				case errors.Is(err, fs.ErrNotExist):
					return nil, nil
				case err != nil || info.Size() == 0:
					return nil, err
				case !info.Mode().IsRegular():
					return nil, fmt.Errorf("%s is no file", file)
				}
				return []check.Finding{{Level: level, Path: file, Message: "is not empty"}}, nil
			},
		}
	}
	return []*check.Check{
		empty("keys", "/keys", check.LevelFail, "empty"),
		empty("asked", "/asked", check.LevelFail, "ask"),
		empty("noise", "/noise", check.LevelWarn),
		empty("identity", "/identity", check.LevelFail, "seal"),
	}
}

func (f fake) steps() []*clean.Step {
	step := func(id string, stage clean.Stage, byDefault bool, plan ...*clean.Action) *clean.Step {
		return &clean.Step{
			ID: id, Title: "The step " + id + " has run", Doc: "For tests.", Stages: []clean.Stage{stage}, Default: byDefault,
			Plan: func(_ context.Context, s *clean.Scope) ([]*clean.Action, error) { return present(s, plan) },
		}
	}
	call := func(name string) *clean.Action {
		return &clean.Action{Op: clean.OpRun, Call: &distro.Call{Argv: []string{name, "a word"}, Env: []string{"QUIET=1"}}}
	}
	crash := step("crash", clean.StageLeftovers, false)
	crash.Plan = func(context.Context, *clean.Scope) ([]*clean.Action, error) { panic("what it has read") }
	wait := step("wait", clean.StageWait, true)
	wait.NeedsLive = true
	return []*clean.Step{
		wait,
		step("upgrade", clean.StageUpdate, true),
		step("quiet", clean.StageQuiet, true, &clean.Action{Op: clean.OpStop, Unit: "writer.service"}),
		step("empty", clean.StageSecrets, true, &clean.Action{Op: clean.OpTruncate, At: host.At("/keys")}),
		step("ask", clean.StageSecrets, false, &clean.Action{Op: clean.OpTruncate, At: host.At("/asked")}),
		crash,
		step("hang", clean.StageLeftovers, false, call("hang")),
		step("pause", clean.StageLeftovers, false, call("pause")),
		step("fail", clean.StageLeftovers, false, call("fail")),
		step("late", clean.StageIdentity, true),
		step("seal", clean.StageSeal, true, &clean.Action{Op: clean.OpTruncate, At: host.At("/identity")}),
		step("self", clean.StageSeal, false, &clean.Action{Op: clean.OpRemove, At: host.At("/program")}),
	}
}

// present returns the actions whose files are there and hold something.
func present(s *clean.Scope, plan []*clean.Action) ([]*clean.Action, error) {
	var actions []*clean.Action
	for _, a := range plan {
		if a.At.Path != "" {
			info, err := s.Root.Lstat(a.At.Path)
			if err != nil || info.Size() == 0 {
				continue
			}
			a.Size = info.Size()
		}
		actions = append(actions, a)
	}
	return actions, nil
}
