package distro

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"imgcheck/internal/host"
)

// How long a package manager may take. A package's scripts may build an initial RAM
// disk or a kernel module on one slow processor, which says nothing for minutes; a
// full upgrade of a machine that was never upgraded takes an hour there.
const (
	packageLimit   = 3 * time.Hour
	packageSilence = 30 * time.Minute
	packageGrace   = 2 * time.Minute
)

// aptEnvironment keeps packages from asking: debconf, ucf, apt-listchanges and
// needrestart, which would offer a menu of services after an upgrade.
func aptEnvironment() []string {
	return []string{
		"DEBIAN_FRONTEND=noninteractive", "DEBIAN_PRIORITY=critical", "APT_LISTCHANGES_FRONTEND=none",
		"UCF_FORCE_CONFFOLD=1", "NEEDRESTART_MODE=a",
	}
}

// keepConffiles answers dpkg's question about a configuration file that was changed
// here and in the package: what the package's maintainer says is best, else the old.
func keepConffiles() []string { return []string{"--force-confdef", "--force-confold"} }

// aptCall is a call of apt-get that changes packages. Without a terminal of its own,
// dpkg stays in apt-get's process group, where it can be waited for. Nothing may be
// unauthenticated, downgraded, or removed although it is essential: apt-get refuses
// that as long as nobody allows it.
func aptCall(why string, args ...string) *Call {
	argv := []string{"apt-get", "-y"}
	for _, option := range keepConffiles() {
		argv = append(argv, "-o", "Dpkg::Options::="+option)
	}
	argv = append(argv, "-o", "Dpkg::Use-Pty=0")
	return packageCall(why, append(argv, args...), judgeApt)
}

// packageCall is a call of a Debian package manager. On SIGINT apt-get lets dpkg come
// to the end of what it is at; SIGTERM would break the pipe between them.
func packageCall(why string, argv []string, judge func(host.Output) error) *Call {
	return &Call{
		Argv: argv, Env: aptEnvironment(), Why: why, Locks: true, Vital: true,
		judge: judge, tell: tellApt, limit: packageLimit,
		patience: &host.Patience{Interrupt: true, Grace: packageGrace, Silence: packageSilence},
	}
}

// aptRefresh fetches the indexes.
func aptRefresh() *Call {
	return &Call{
		Argv: []string{"apt-get", "-o", "APT::Update::Error-Mode=any", "update"}, Env: aptEnvironment(),
		Why: "fetches the package index", Locks: true, Vital: true, judge: judgeRefresh,
	}
}

// dpkgRepair configures what an interrupted dpkg has left.
func dpkgRepair() *Call {
	argv := append(append([]string{"dpkg"}, keepConffiles()...), "--configure", "-a")
	return packageCall("configures what an interrupted dpkg has left", argv, judgeApt)
}

// dpkgLocked is what dpkg says where it meets a lock (lib/dpkg/dbmodify.c).
var dpkgLocked = regexp.MustCompile(`(?m)^dpkg: error: .*(?:is|was) locked by another process.*`)

var aptErrors = regexp.MustCompile(`(?m)^E: .*\n?`)

// judgeApt tells why apt-get or dpkg did not do what it was to do. Warnings come from
// maintainer scripts too, and count only where they say that apt-get broke off: it
// exits 0 then.
func judgeApt(out host.Output) error {
	text := string(out.Stderr)
	if out.ExitCode == 0 {
		if strings.Contains(text, "Operation was interrupted") {
			return errors.New("was interrupted from outside")
		}
		return nil
	}
	if line := dpkgLocked.FindString(text); line != "" {
		return fmt.Errorf("%w: %s", ErrLocked, spoken(line))
	}
	if failures := parseDpkgFailures(out.Stderr); len(failures) > 0 {
		return failures.worst()
	}
	messages := parseAptMessages(bytes.Join(aptErrors.FindAll(out.Stderr, -1), nil))
	locked := slices.ContainsFunc(messages, func(m aptMessage) bool { return m.fault == faultLock })
	switch {
	case locked:
		return fmt.Errorf("%w: %w", ErrLocked, worst(messages))
	case strings.Contains(text, "nmet dependencies"):
		return errors.New("installed packages lack what they depend on (apt-get --fix-broken install)")
	case strings.Contains(text, "dpkg was interrupted"):
		return errors.New("dpkg was interrupted (dpkg --configure -a)")
	}
	if len(messages) > 0 {
		return fmt.Errorf("exit code %d: %s", out.ExitCode, messages[0].text)
	}
	return fmt.Errorf("exit code %d: %s", out.ExitCode, lastLine(out))
}

var (
	aptSummary = regexp.MustCompile(`(?m)^[0-9]+ upgraded, [0-9]+ newly installed, (?:[0-9]+ reinstalled, )?(?:[0-9]+ downgraded, )?[0-9]+ to remove and [0-9]+ not upgraded\.`)
	aptRemoved = regexp.MustCompile(`(?m)^Removing (\S+) \(`)
)

// tellApt repeats apt-get's own summary, and names what was removed.
func tellApt(out host.Output) string {
	said := strings.TrimSuffix(aptSummary.FindString(string(out.Stdout)), ".")
	var removed []string
	for _, found := range aptRemoved.FindAllSubmatch(out.Stdout, -1) {
		removed = append(removed, string(found[1]))
	}
	if said != "" && len(removed) > 0 {
		said += ", removed " + few(removed)
	}
	return said
}

// few names some of many.
func few(names []string) string {
	const most = 20
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
