package distro

import (
	"fmt"
	"regexp"
	"strings"
)

// aptFault is a kind of failure that apt-get speaks of on standard error, the most
// telling first: one cause is often followed by its consequences.
type aptFault int

const (
	faultLock aptFault = iota
	faultTemporary
	faultExpired
	faultSignature
	faultNoRelease
	faultNoComponent
	faultFetch
	faultOther
	noFault
)

// aptMessage is one "W:" or "E:" line.
type aptMessage struct {
	fault  aptFault
	source string // the repository it names, without credentials
	detail string // the key, date or reason it names
	text   string
}

// messageRule tells what a line of apt-get means. Lines are the same in apt 1.2 to
// 3.1 unless noted; the words stand in apt-pkg/acquire-item.cc unless noted.
type messageRule struct {
	fault   aptFault
	pattern *regexp.Regexp
	// harmlessWarning: as a warning the line says nothing of what was looked at.
	harmlessWarning bool
}

func messageRules() []messageRule {
	words := regexp.MustCompile
	return []messageRule{
		{faultLock, words(`Could not get lock|Unable to lock directory|Unable to acquire the dpkg frontend lock`), false},
		{faultTemporary, words(`Couldn't create temp(orary)? file|Unable to mkstemp|Could not create temporary file`), false},
		{faultExpired, words(`Release file for \S+ is (expired|not valid yet)|Release file expired`), false},
		{faultSignature, words(`NO_PUBKEY|EXPKEYSIG|REVKEYSIG|BADSIG|KEYEXPIRED|GPG error|OpenPGP signature verification failed|` +
			`signature verification|[Cc]learsigned file isn't valid|Signature error|no public key available`), false},
		{noFault, words(`(is not signed|no longer signed|does not have a Release file|no longer has a Release file|` +
			`provides only weak security information)\.$`), true},
		{faultNoRelease, words(`is not signed\.|no longer signed\.|does not have a Release file|no longer has a Release file`), false},
		{faultNoComponent, words(`Skipping acquire of configured file .* (doesn't have the component|does not seem to provide it|provides only weak)`), false},
		{faultFetch, words(`Failed to fetch|Some index files failed to download|Hash Sum mismatch|Unable to fetch`), false},
		// the indexes were read all the same:
		{noFault, words(`configured multiple times|Key is stored in legacy trusted\.gpg keyring|uses weak (digest )?algorithm|` +
			`Policy will reject signature within a year|Conflicting distribution|Download is performed unsandboxed|` +
			`No sandbox user|SetupAPTPartialDirectory|apt_auth\.conf\(5\) should be preferred|doesn't support architecture|` +
			`This is normally not allowed, but the option|DirectoryExists \(2: No such file or directory\)|` +
			`You may want to run apt-get update to correct these problems`), true},
	}
}

// maxMessages is more than anybody reads; one is enough to refuse.
const maxMessages = 100

// parseAptMessages reads apt-get's standard error. Every error, and every warning
// that is not known to be harmless, is a fault: apt-get exits 0 on most of them.
func parseAptMessages(stderr []byte) []aptMessage {
	rules := messageRules()
	var found []aptMessage
	for _, line := range lines(stderr) {
		if len(found) == maxMessages {
			break
		}
		line = strings.TrimSpace(line)
		text, isWarning := strings.CutPrefix(line, "W: ")
		text, isError := strings.CutPrefix(text, "E: ")
		if !isWarning && !isError {
			continue // notices, continuation lines, and what hooks say
		}
		if m := readMessage(rules, text, isWarning); m.fault != noFault {
			found = append(found, m)
		}
	}
	return found
}

func readMessage(rules []messageRule, text string, warning bool) aptMessage {
	m := aptMessage{fault: faultOther}
	for _, rule := range rules {
		if rule.harmlessWarning && !warning || !rule.pattern.MatchString(text) {
			continue
		}
		m.fault = rule.fault
		break
	}
	if m.fault == noFault {
		return m
	}
	m.text, m.source = shorten(withoutCredentials(text)), messageSource(text)
	m.detail = regexp.MustCompile(`(NO_PUBKEY|EXPKEYSIG|REVKEYSIG|BADSIG) [0-9A-F]+`).FindString(text)
	return m
}

// messageSource picks the repository out of a message: "http://host/debian suite".
// Failed fetches name a file below it.
func messageSource(text string) string {
	address := regexp.MustCompile(`[a-z][a-z+]*:/[^\s'"]+( [\w./-]+ (In)?Release)?`).FindString(text)
	address = strings.TrimSuffix(strings.TrimSuffix(address, " InRelease"), " Release")
	if base, below, found := strings.Cut(address, "/dists/"); found {
		suite, _, _ := strings.Cut(below, "/")
		address = base + " " + suite
	}
	return strings.TrimRight(withoutCredentials(address), ".:,")
}

// shorten keeps a message to one readable line.
func shorten(text string) string {
	const limit = 160
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}

// Error says what the message means, in fewer words than apt's.
func (m aptMessage) Error() string {
	about := ""
	if m.source != "" {
		about = " of " + m.source
	}
	if m.detail != "" {
		about += " (" + m.detail + ")"
	}
	switch m.fault {
	case faultTemporary:
		return "apt cannot write to /tmp (its mode must be 1777)"
	case faultExpired:
		return "the Release file" + about + " is expired or not valid yet"
	case faultSignature:
		return "the signature" + about + " cannot be verified"
	case faultNoRelease:
		return "no signed Release file" + about
	case faultNoComponent:
		return "not in its repository: " + m.text
	case faultFetch:
		return "fetching the index" + about + " did not succeed"
	}
	return "apt says: " + m.text
}

// worst returns the message that tells most, as an error that counts the others.
func worst(messages []aptMessage) error {
	most := messages[0]
	for _, m := range messages[1:] {
		if m.fault < most.fault {
			most = m
		}
	}
	others := map[string]bool{}
	for _, m := range messages {
		if m.fault <= faultFetch && m.source != "" && m.source != most.source {
			others[m.source] = true
		}
	}
	if len(others) > 0 {
		return fmt.Errorf("%w, and %d more", most, len(others))
	}
	return most
}
