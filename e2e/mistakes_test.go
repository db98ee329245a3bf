//go:build e2e

package e2e

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// mistakes lists what img_check.sh v1.8.1 gets wrong in what it checks, by the
// numbers that rows of faults name. A row shows that the mistake is not made here.
func mistakes() map[string]string {
	return map[string]string{
		"B1":  "users are judged in a subshell, and what is found of them is lost",
		"B2":  "a quoted pattern never matches, so that no user's .ssh folder is looked at",
		"B3":  "firewalld counts as active whatever it is",
		"B4":  "a running csf is never recognised",
		"B5":  "firewalld on Debian never counts as active",
		"B6":  "a refresh of the package index that did not succeed goes unnoticed",
		"B7":  "updates that need new packages, such as kernels, are not counted",
		"B8":  "any line of apt-get with the word security in it is an update",
		"B9":  "words of prose are listed as packages",
		"B10": "yum's lines are counted, notes and blank ones too, and its exit code is not read",
		"B11": "CentOS publishes no advisories, so that none is ever missing",
		"B13": "accounts locked by !*, *LK* and the like, and locked hashes, are one message",
		"B14": "an empty password is reported as one that is set",
		"B15": "only root and uids from 1000 on are judged, and centos is excused",
		"B16": "homes are looked for in /home alone",
		"B17": "only authorized_keys and id_rsa fail; AuthorizedKeysFile is not read",
		"B19": "eight characters behind a dash make a rotated log, of folders too",
		"B20": "the first dangling link ends the look at the logs",
		"B21": "rotated logs beyond .9, packed ones and those in folders are not seen",
		"B22": "logs not named *.log, and those in folders, are not seen",
		"B23": "cpanel-install.log is excused where its name cannot appear",
		"B24": "ufw's state now is read, not whether it comes back at boot",
		"B25": "the first firewall tool found decides, and a loaded module counts as rules",
		"B27": "cloud-init need only be there: its version is not read, nor is sshd looked for",
		"B28": "the agent is looked for in one folder only",
		"B29": "releases match patterns that are not anchored",
		"B30": "/etc/os-release is executed, and the one in /usr/lib is not known",
		"B31": "an unsupported distribution ends the run, and ended releases pass",
		"B34": "fields of shadow are expanded by the shell",
		"B35": "only bash's history is known",
	}
}

func TestMistakesAreKnownAndCovered(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range slices.Concat(debianFaults(), elFaults()) {
		if f.bug != "" {
			assert.Contains(t, mistakes(), f.bug, f.name)
			seen[f.bug] = true
		}
	}
	for bug := range mistakes() {
		assert.True(t, seen[bug], "no row is about %s", bug)
	}
}
