//go:build e2e

// Command cleaner runs chosen steps of package clean on the machine it is started on,
// without the command line's questions, and prints what became of each action. It is
// for the end-to-end tests alone.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/host"
)

// action is an outcome, with the names that the JSON report has for it.
type action struct {
	Step   string `json:"step"`
	Op     string `json:"op"`
	What   string `json:"what"`
	Status string `json:"status"`
	Note   string `json:"note"`
	Error  string `json:"error"`
}

func main() {
	only := flag.String("only", "", "the steps to run")
	plan := flag.Bool("plan", false, "print what would be done, and do nothing")
	putBack := flag.Bool("put-back", false, "put back what an earlier run has held up, and do nothing else")
	lockWait := flag.Duration("lock-wait", time.Minute, "longest wait for a package lock")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	do := func() error { return run(ctx, strings.Split(*only, ","), *lockWait) }
	if *putBack {
		do = func() error { return restore(ctx) }
	}
	if *plan {
		do = func() error { return dryRun(ctx, strings.Split(*only, ",")) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "cleaner:", err)
		os.Exit(3)
	}
}

func run(ctx context.Context, only []string, lockWait time.Duration) error {
	h, err := host.OpenLive()
	if err != nil {
		return err
	}
	recovery, err := host.OpenRecovery(host.RecoveryDir)
	if err != nil {
		return err
	}
	look := func() *clean.Scope {
		settings := distro.Settings{Refresh: true, LockWait: lockWait, Waiting: told()}
		return &clean.Scope{Machine: distro.Detect(h.Anew(), settings), Refresh: true}
	}
	c := clean.New(look, chosen(only), recovery)
	var problems []error
	actions := []action{}
	for _, stages := range []func(context.Context) func(func(clean.Result) bool){
		func(ctx context.Context) func(func(clean.Result) bool) { return c.Before(ctx) },
		func(ctx context.Context) func(func(clean.Result) bool) { return c.Seal(ctx) },
	} {
		for r := range stages(ctx) {
			problems = append(problems, r.Err)
			for _, o := range r.Outcomes {
				actions = append(actions, describe(r.Step.ID, o))
				if o.Status == clean.Failed {
					problems = append(problems, o.Err)
				}
			}
		}
	}
	if c.Failed() {
		problems = append(problems, clean.PutBack(context.WithoutCancel(ctx), look(), recovery))
	}
	encoder := json.NewEncoder(os.Stdout)
	return errors.Join(append(problems, encoder.Encode(actions), h.Close())...)
}

func chosen(only []string) []*clean.Step {
	return slices.DeleteFunc(clean.Catalogue(), func(s *clean.Step) bool { return !slices.Contains(only, s.ID) })
}

func dryRun(ctx context.Context, only []string) error {
	h, err := host.OpenLive()
	if err != nil {
		return err
	}
	look := func() *clean.Scope {
		return &clean.Scope{Machine: distro.Detect(h.Anew(), distro.Settings{}), Refresh: true}
	}
	var problems []error
	actions := []action{}
	for r := range clean.New(look, chosen(only), &host.Recovery{}).Plan(ctx) {
		problems = append(problems, r.Err)
		for _, o := range r.Outcomes {
			actions = append(actions, describe(r.Step.ID, o))
		}
	}
	return errors.Join(append(problems, json.NewEncoder(os.Stdout).Encode(actions), h.Close())...)
}

func restore(ctx context.Context) error {
	h, err := host.OpenLive()
	if err != nil {
		return err
	}
	recovery, err := host.OpenRecovery(host.RecoveryDir)
	if err != nil {
		return err
	}
	s := &clean.Scope{Machine: distro.Detect(h, distro.Settings{})}
	return errors.Join(clean.PutBack(ctx, s, recovery), h.Close())
}

func describe(step string, o clean.Outcome) action {
	a := action{Step: step, Op: o.Op.String(), What: o.At.Path, Status: o.Status.String(), Note: o.Note}
	switch {
	case o.Call != nil:
		a.What = o.Call.String()
	case o.Unit != "":
		a.What = o.Unit
	case o.Await != nil:
		a.What = o.Await.What
	}
	if o.Err != nil {
		a.Error = o.Err.Error()
	}
	return a
}

// told writes once what is being waited for.
func told() func(string, time.Duration) {
	last := ""
	return func(what string, _ time.Duration) {
		if what != last {
			fmt.Fprintln(os.Stderr, "waiting for", what)
		}
		last = what
	}
}
