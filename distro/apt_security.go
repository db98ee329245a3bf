package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// securityOrigin is a rule by which a suite is one of the distribution's own
// security suites. A third party may call its suite what it likes, but it does not
// sign itself as the distribution.
type securityOrigin struct {
	// origin and label are those of the Release file; an empty label matches any.
	origin, label string
	// ending is what the suite's name ends with behind the codename, "" for any name.
	ending string
	// attached: only machines with a subscription may install from it.
	attached bool
	// source is where that is written down.
	source string
}

// securityOrigins returns the rules. Debian's suite was "buster/updates" and said
// only "oldstable" of itself until Debian 11; its label never changed.
func securityOrigins() []securityOrigin {
	return []securityOrigin{
		{"Debian", "Debian-Security", "", false, "https://wiki.debian.org/DebianRepository/Format#Label"},
		{"Ubuntu", "", "-security", false, "https://wiki.ubuntu.com/SecurityTeam/FAQ"},
		{"UbuntuESM", "", "-infra-security", true, "https://github.com/canonical/ubuntu-pro-client apt.conf.d/51ubuntu-advantage-esm"},
		{"UbuntuESMApps", "", "-apps-security", true, "https://github.com/canonical/ubuntu-pro-client apt.conf.d/51ubuntu-advantage-esm"},
	}
}

// securityRule returns the rule by which the release is a security suite.
func (r aptRelease) securityRule() (securityOrigin, bool) {
	for _, rule := range securityOrigins() {
		codename, matches := strings.CutSuffix(r.suite, rule.ending)
		if r.origin == rule.origin && (rule.label == "" || r.label == rule.label) &&
			matches && (rule.ending == "" || codename == r.codename) {
			return rule, true
		}
	}
	return securityOrigin{}, false
}

// looksLikeSecurity judges by what apt's simulation shows of an origin, which is the
// label, not the origin: "Debian-Security:12/oldstable-security", "Ubuntu:24.04/noble-security".
// It decides only for versions that no index read here names.
func looksLikeSecurity(shown string) bool {
	label, suite, _ := strings.Cut(shown, ":")
	if i := strings.LastIndexByte(suite, '/'); i >= 0 {
		suite = suite[i+1:]
	}
	for _, rule := range securityOrigins() {
		want := rule.label
		if want == "" {
			want = rule.origin
		}
		if label == want && strings.HasSuffix(suite, rule.ending) {
			return true
		}
	}
	return false
}

// proToken and proLogin exist on a machine that is attached to Ubuntu Pro.
const (
	proToken = "/var/lib/ubuntu-advantage/private/machine-token.json" //nolint:gosec // a path
	proLogin = "/etc/apt/auth.conf.d/90ubuntu-advantage"
)

// attached reports whether the machine may install what Ubuntu Pro publishes.
// Without that, older releases show it all the same, pinned to "never".
func (d *debPackages) attached() (bool, error) {
	for _, name := range []string{proToken, proLogin} {
		_, err := d.Root.Lstat(name)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, fmt.Errorf("looking for an Ubuntu Pro subscription: %w", err)
		}
	}
	return false, nil
}
