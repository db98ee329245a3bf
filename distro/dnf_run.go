package distro

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"imgcheck/internal/host"
)

// Exit codes of dnf and yum.
const (
	codeUpdates = 100
	codeLocked  = 200
)

var (
	errNoCommand = errors.New("the package manager does not know the command")
	errNoCache   = errors.New("the package manager has no index in its cache")
)

// run calls the package manager when no lock is held, and again where it met one.
func (s session) run(ctx context.Context, args ...string) (host.Output, error) {
	for {
		if err := s.settings.awaitUnlocked(s.wait, s.m.heldRPMLock); err != nil {
			return host.Output{}, err
		}
		out, err := s.m.Exec.Run(ctx, host.Command{Name: s.name, Args: append(s.options(), args...)})
		if err != nil {
			return out, err
		}
		lock := metLock(out)
		if lock == "" {
			return out, troubleOf(out, s.refresh)
		}
		if !pause(s.wait, lockPoll) {
			return out, stillLocked(s.wait, lock)
		}
	}
}

// metLock returns what the package manager says of a lock that another process
// took after we had looked, empty where it says nothing of the kind.
func metLock(out host.Output) string {
	text := string(out.Stderr)
	locked := out.ExitCode == codeLocked || out.ExitCode == 1 && strings.Contains(text, "holding the yum lock")
	if !locked || strings.Contains(text, "Malformed lock file") {
		return ""
	}
	return firstLine(text)
}

// troubleOf tells why there is no answer. It does not go by the exit code alone: a
// repository file that cannot be read is a warning and exit code 0.
func troubleOf(out host.Output, refresh bool) error {
	text := string(out.Stderr)
	line := troubleLine(text)
	ended := out.ExitCode == 0 || out.ExitCode == codeUpdates
	if ended && line == "" {
		return nil
	}
	if line == "" {
		line = fmt.Sprintf("exit code %d: %s", out.ExitCode, firstLine(text))
	}
	switch {
	case strings.Contains(text, "here are no enabled repo"):
		return ErrNoSource
	case strings.Contains(text, "No such command"):
		return errNoCommand
	case strings.Contains(line, "Cache-only enabled but no cache"), strings.Contains(line, "Cannot find repomd.xml"):
		return fmt.Errorf("%w: %s", errNoCache, line)
	case refresh:
		return fmt.Errorf("%w: %s", ErrRefresh, line)
	}
	return errors.New(line)
}

// troubles are the lines that mean that a repository is missing from the answer,
// whatever the exit code. yum goes on with an old index where it cannot fetch
// repomd.xml, and says so only in the lines of its mirrors.
var troubles = regexp.MustCompile(`(?m)^(?:` + strings.Join([]string{
	`Error: .*`,
	`Config error: .*`,
	`Options? error: .*`,
	`Malformed lock file found.*`,
	`Ignoring repositories: .*`,
	`Warning: failed loading .*`,
	`.*Failed to (?:download metadata|synchronize cache) .*`,
	`Bad id for repo.*`,
	`Repository .*: Error parsing config.*`,
	`.*/repomd\.xml: \[Errno .*`,
	`.*Cannot find a valid baseurl for repo.*`,
	`.*Cannot (?:find|retrieve) .*repomd\.xml.*`,
	`.*Could not retrieve mirrorlist .*`,
	`failure: repodata/.*`,
}, "|") + `)$`)

func troubleLine(stderr string) string { return spoken(troubles.FindString(stderr)) }

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return spoken(line)
}
