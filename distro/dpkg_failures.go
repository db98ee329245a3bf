package distro

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// dpkgFailure is one package that dpkg could not process.
type dpkgFailure struct {
	name   string // of the package, else of its archive
	doing  string // dpkg's option: "--configure"
	reason string
}

// dpkgFailures are the failures of one run, in dpkg's order.
type dpkgFailures []dpkgFailure

// dpkgFault is "dpkg: error processing package NAME (--configure):" or "… archive FILE
// (--unpack):"; the reason is on the next line (lib/dpkg/ehandle.c, the same since 1.16).
var dpkgFault = regexp.MustCompile(`^dpkg: error processing (?:package|archive) (\S+) \((--[a-z-]+)\):$`)

func parseDpkgFailures(stderr []byte) dpkgFailures {
	var found dpkgFailures
	headed := false // the line before was such a line
	for _, line := range lines(stderr) {
		m := dpkgFault.FindStringSubmatch(strings.TrimRight(line, " \r"))
		switch {
		case m != nil && len(found) < maxMessages:
			found = append(found, dpkgFailure{name: path.Base(m[1]), doing: m[2]})
		case headed && strings.HasPrefix(line, " "):
			found[len(found)-1].reason = spoken(line)
		}
		headed = m != nil && len(found) < maxMessages
	}
	return found
}

// worst is the failure that the others may be a consequence of.
func (all dpkgFailures) worst() error {
	most := all[0]
	for _, f := range all {
		if !strings.HasPrefix(f.reason, "dependency problems") {
			most = f
			break
		}
	}
	if len(all) == 1 {
		return most
	}
	return fmt.Errorf("%w, and %d more", most, len(all)-1)
}

// Error names the package, and what dpkg could not do with it.
func (f dpkgFailure) Error() string {
	done := map[string]string{
		"--configure": "configured", "--unpack": "unpacked", "--install": "installed", "--remove": "removed", "--purge": "purged",
	}[f.doing]
	if done == "" {
		done = "processed"
	}
	text := fmt.Sprintf("package %s could not be %s", spoken(f.name), done)
	if f.reason != "" {
		text += ": " + f.reason
	}
	return text
}
