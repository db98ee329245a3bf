// Package submit is mp-submit: it tells the Marketplace's Vendor API which snapshot an
// app shall have from now on.
//
// It promises that nothing is sent unless a report of imgcheck says that this build is
// publishable, that the API token goes to the API alone and is never printed, and that
// whatever could have arrived without an answer is not called refused.
//
// It knows no package of this module that looks at a machine, so that it can be built
// for every system that Packer runs on.
package submit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
)

// Exit codes of mp-submit.
const (
	// ExitSubmitted says that the API has taken the image, or that a dry run would send it.
	ExitSubmitted = 0
	// ExitRefused says that the API has refused it: the app is as it was.
	ExitRefused = 1
	// ExitNothingSent says that nothing was sent: wrong usage, or refused by the guard.
	ExitNothingSent = 2
	// ExitUnclear says that there was no clear answer: no network, a timeout, an error of
	// the API itself, too many requests, or an answer that is not as documented.
	ExitUnclear = 3
	// ExitInterrupted says that it was ended by Ctrl-C.
	ExitInterrupted = 130
)

// version and commit are set when the program is linked.
var version, commit = "dev", "unknown"

// process is what a run has of the process it runs in, and the pace it keeps.
type process struct {
	env            map[string]string
	stdout, stderr io.Writer
	now            func() time.Time
	pace           pace
	// token is what must not be printed, empty while it is not known.
	token string
}

// failure ends a run: what happened, what to do about it, and the exit code.
type failure struct {
	error
	remedy string
	code   int
}

func (f failure) Unwrap() error { return f.error }

// refuse returns the failure of a run that has sent nothing.
func refuse(remedy, format string, args ...any) error {
	return failure{fmt.Errorf(format, args...), remedy, ExitNothingSent}
}

// Run runs mp-submit with the given arguments and environment and returns its exit code.
func Run(ctx context.Context, args, env []string, stdout, stderr io.Writer) int {
	p := &process{env: environment(env), stdout: stdout, stderr: stderr, now: time.Now, pace: usualPace()}
	return p.run(ctx, args)
}

func (p *process) run(ctx context.Context, args []string) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	root := newCommand(p)
	root.SetArgs(args)
	return p.end(root.ExecuteContext(ctx))
}

// end says what is to be said of the error and returns the exit code.
func (p *process) end(err error) int {
	if err == nil {
		return ExitSubmitted
	}
	end := failure{err, "Run 'mp-submit --help' for the flags.", ExitNothingSent}
	errors.As(err, &end)
	p.say(err.Error())
	if end.remedy != "" {
		fmt.Fprintln(p.stderr, p.hide(end.remedy))
	}
	return end.code
}

func (p *process) say(what string) { fmt.Fprintln(p.stderr, "mp-submit: "+p.hide(what)) }

// hide takes the token out of a text, wherever it came from.
func (p *process) hide(text string) string {
	if p.token == "" {
		return text
	}
	return strings.ReplaceAll(text, p.token, "[token]")
}

func environment(env []string) map[string]string {
	values := make(map[string]string, len(env))
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		values[name] = value
	}
	return values
}
