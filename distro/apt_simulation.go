package distro

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// aptSimulation is what "apt-get -s dist-upgrade" would do.
type aptSimulation struct {
	// installs are the Inst lines of packages that are installed already.
	installs []aptInstall
	// keptBack and deferred are the names under those headings.
	keptBack, deferred []string
}

// aptInstall is one line "Inst name [old] (new Label:Version/Suite, … [arch])". The
// name bears the architecture of foreign packages ("libc6:i386").
type aptInstall struct {
	name, installed, candidate, arch string
	origins                          []string
}

// parseAptSimulation reads apt-get's standard output. An Inst line that cannot be
// read, or no summary at the end, is an error: what was not read might be a
// security update.
func parseAptSimulation(stdout []byte) (aptSimulation, error) {
	inst := regexp.MustCompile(`^Inst (\S+)(?: \[([^\]\s]*)\])? \((\S+)(?: (.*?))?(?: \[([^\]\s]+)\])?\)(?: \[.*\])*\s*$`)
	summary := regexp.MustCompile(`^(\d+) upgraded, (\d+) newly installed, `)
	var s aptSimulation
	var list *[]string
	upgraded, ended := 0, false
	for i, line := range lines(stdout) {
		if list != nil && strings.HasPrefix(line, "  ") {
			*list = append(*list, strings.Fields(line)...)
			continue
		}
		list = s.heading(line)
		if m := summary.FindStringSubmatch(line); m != nil {
			upgraded, ended = atoi(m[1]), true
		}
		if modern := strings.HasPrefix(line, "  Upgrading: "); modern { // apt 3 with Output-Version 30
			upgraded, ended = atoi(strings.Trim(strings.Fields(line)[1], ",")), true
		}
		if !strings.HasPrefix(line, "Inst ") {
			continue
		}
		m := inst.FindStringSubmatch(line)
		if m == nil {
			return s, LineError{"apt-get's simulation", i + 1, "cannot be read"}
		}
		if m[2] != "" {
			s.installs = append(s.installs, aptInstall{m[1], m[2], m[3], m[5], splitOrigins(m[4])})
		}
	}
	switch {
	case !ended:
		return s, errors.New("apt-get's simulation ended without a summary")
	case upgraded > len(s.installs):
		return s, errors.New("apt-get's simulation names fewer upgrades than it counts")
	}
	return s, nil
}

// heading returns the list that follows a heading, nil where none does. apt-get
// words them as in 1.0 unless told to use Output-Version 30.
func (s *aptSimulation) heading(line string) *[]string {
	switch line {
	case "The following packages have been kept back:", "Not upgrading:":
		return &s.keptBack
	case "The following upgrades have been deferred due to phasing:", "Not upgrading yet due to phasing:":
		return &s.deferred
	}
	return nil
}

func splitOrigins(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ", ")
}

// atoi reads digits that a pattern has matched; more than fit are more than can be.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 1 << 30
	}
	return n
}
