package distro

import (
	"path"
	"regexp"
	"strings"
)

// scannerLimit bounds how much of a log is read to tell what is in it.
const scannerLimit = 1 << 20

// sshLogLine is one line of sshd's in the formats of syslog and journald, and what it says.
var sshLogLine = regexp.MustCompile(`^\S.*\bsshd(?:-session|-auth)?\[[0-9]+\]: (.*)$`)

// scannerLines are how sshd's lines begin that every address on the Internet sees
// all day. A login, a session or a change of anything begins otherwise.
var scannerLines = [...]string{
	"Invalid user ", "Failed password for ", "Failed none for ", "input_userauth_request: invalid user ",
	"Connection closed by ", "Connection reset by ", "Connection from ",
	"Disconnected from authenticating user ", "Disconnected from invalid user ", "Disconnecting ",
	"Received disconnect from ", "error: Received disconnect from ",
	"Did not receive identification string from ", "Bad protocol version identification ", "Protocol major versions differ ",
	"banner exchange: ", "kex_exchange_identification: ", "error: kex_exchange_identification: ",
	"kex_protocol_error: ", "error: kex_protocol_error: ", "ssh_dispatch_run_fatal: ", "fatal: ssh_packet_",
	"Unable to negotiate with ", "fatal: Unable to negotiate with ", "fatal: No supported key exchange algorithms",
	"error: Could not load host key: ", "fatal: Timeout before authentication for ", "Timeout before authentication for ",
	"error: maximum authentication attempts exceeded for ", "drop connection ", "error: beginning MaxStartups throttling",
	"pam_unix(sshd:auth): authentication failure", "pam_unix(sshd:auth): check pass; user unknown",
	"PAM ", "Could not get shadow information for ", "reverse mapping checking getaddrinfo for ", "Address ",
}

// OnlyScanners reports whether a log holds nothing but failed SSH logins, as
// scanners leave them. Only the logs of authentication are read, and of those that
// fit in 1 MiB.
func (m *Machine) OnlyScanners(log Log) (bool, error) {
	switch path.Base(log.Path) {
	case "auth.log", "secure", "messages", "syslog":
	default:
		return false, nil
	}
	if log.Size > scannerLimit {
		return false, nil
	}
	data, err := m.Root.ReadFile(log.Path, scannerLimit)
	if err != nil {
		return false, err
	}
	return onlyScanners(data), nil
}

func onlyScanners(data []byte) bool {
	found := false
	for _, line := range lines(data) {
		if line == "" {
			continue
		}
		said := sshLogLine.FindStringSubmatch(line)
		if said == nil || !scannerLine(said[1]) {
			return false
		}
		found = true
	}
	return found
}

func scannerLine(said string) bool {
	// "message repeated 3 times: [ Failed password for …]"
	if _, repeated, ok := strings.Cut(said, " times: [ "); ok && strings.HasPrefix(said, "message repeated ") {
		said = repeated
	}
	for _, start := range scannerLines {
		if strings.HasPrefix(said, start) {
			return true
		}
	}
	return false
}
