package distro

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"imgcheck/internal/host"
)

// call is a call of dnf or yum that changes packages. While rpm is at work it heeds no
// SIGTERM, and comes to its end.
func (manager rpmManager) call(why string, args ...string) *Call {
	argv := []string{manager.name, "-y", "--setopt=exit_on_lock=1", "--setopt=*.skip_if_unavailable=0"}
	return &Call{
		Argv: append(argv, args...), Why: why, Locks: true, Vital: true,
		judge: judgeDnf, tell: tellDnf, limit: packageLimit,
		patience: &host.Patience{Grace: packageGrace, Silence: packageSilence},
	}
}

// refresh fetches the indexes. yum trusts what it fetched in the last hours until its
// cache has expired, and then fetches them with the update.
func (manager rpmManager) refresh() *Call {
	args := []string{"--refresh", "makecache"}
	why := "fetches the package index"
	if manager.yum {
		args, why = []string{"clean", "expire-cache"}, "makes yum fetch the package index again"
	}
	call := manager.call(why, args...)
	call.judge, call.tell = judgeDnfRefresh, nil
	return call
}

// upgrade brings all packages up to date; without a refresh by the index there is.
func (manager rpmManager) upgrade(why string, refresh bool) *Call {
	verb := "upgrade"
	if manager.yum {
		verb = "update"
	}
	if refresh {
		return manager.call(why, verb)
	}
	return manager.call(why, "--setopt=*.metadata_expire=never", verb)
}

// remove takes the packages out, and none that only they had needed: what of those a
// vendor needs, the package manager cannot know.
func (manager rpmManager) remove(why string, packages []string) *Call {
	return manager.call(why, append([]string{"--setopt=clean_requirements_on_remove=0", "remove"}, packages...)...)
}

func judgeDnfRefresh(out host.Output) error {
	if lock := metLock(out); lock != "" {
		return fmt.Errorf("%w: %s", ErrLocked, lock)
	}
	return changeTrouble(out, true)
}

// changeTrouble is troubleOf for what lists no updates: only 0 is a good exit code.
func changeTrouble(out host.Output, refresh bool) error {
	err := troubleOf(out, refresh)
	if err == nil && out.ExitCode != 0 {
		err = fmt.Errorf("exit code %d: %s", out.ExitCode, lastLine(out))
	}
	return err
}

// newScriptFailed is rpm's warning of a script of a package that it has installed. It
// is no failure to rpm, which exits 0; but a kernel without its initial RAM disk does
// not boot. Scripts of packages that go do no harm.
var newScriptFailed = regexp.MustCompile(`warning: %(post|posttrans)\((\S+)\) scriptlet failed, ([a-z ]+[0-9]+)`)

// judgeDnf tells why dnf or yum did not do what it was to do.
func judgeDnf(out host.Output) error {
	if lock := metLock(out); lock != "" {
		return fmt.Errorf("%w: %s", ErrLocked, lock)
	}
	for _, stream := range [][]byte{out.Stderr, out.Stdout} {
		if m := newScriptFailed.FindSubmatch(stream); m != nil {
			return fmt.Errorf("package %s could not be configured: %%%s failed, %s", spoken(string(m[2])), m[1], m[3])
		}
	}
	if reason := dnfReason(string(out.Stderr)); out.ExitCode != 0 && reason != "" {
		return errors.New(reason)
	}
	return changeTrouble(out, false)
}

// dnfReason returns what follows "Error:", in dnf's own few lines.
func dnfReason(stderr string) string {
	_, text, found := strings.Cut("\n"+stderr, "\nError:")
	if !found {
		return ""
	}
	var words []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			words = append(words, line)
		}
		if len(words) == 3 {
			break
		}
	}
	return spoken(strings.Join(words, " "))
}

// dnfCount is a line of the summary of dnf and yum ("Upgrade  2 Packages", yum's
// "Upgrade  2 Packages (+1 Dependent package)").
var dnfCount = regexp.MustCompile(`(?m)^(Install|Upgrade|Remove|Downgrade) +([0-9]+) Packages?\b`)

// tellDnf repeats the summary.
func tellDnf(out host.Output) string {
	var said []string
	for _, m := range dnfCount.FindAllSubmatch(out.Stdout, -1) {
		said = append(said, strings.ToLower(string(m[1]))+" "+string(m[2]))
	}
	return strings.Join(said, ", ")
}
