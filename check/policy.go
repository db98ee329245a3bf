package check

import (
	"fmt"
	"strings"

	"imgcheck/distro"
)

// Policy is what a vendor may change of the rules. Where it takes more than img_check.sh
// does, a check may pass what that script fails; every result says so.
type Policy struct {
	// LogBytes is up to which size a log counts as empty, in bytes.
	LogBytes int64
	// HistoryBytes is from which size on a .bash_history fails, in bytes.
	HistoryBytes int64
	// DiskGiB is up to which size a disk is no warning, in GiB.
	DiskGiB int64
	// Passwords are users that may have a password.
	Passwords []string
}

// Usual is the policy that nobody has changed: the limits of img_check.sh, and the disk
// of the $6 droplet.
func Usual() Policy {
	return Policy{LogBytes: distro.LogLimit, HistoryBytes: historyLimit, DiskGiB: diskLimit}
}

// Over returns the checks with those in their places that the policy changes.
func (p Policy) Over(checks []*Check) []*Check {
	all := append([]*Check(nil), checks...)
	for _, changed := range []*Check{logFiles(p), userPasswords(p), shellHistory(p), diskSize(p)} {
		for i, c := range all {
			if c.ID == changed.ID && changed.Changed != "" {
				all[i] = changed
			}
		}
	}
	return all
}

func (p Policy) changedLogs() string {
	if p.LogBytes == distro.LogLimit {
		return ""
	}
	return fmt.Sprintf("logs of up to %d bytes count as empty, not of up to %d as in img_check.sh", p.LogBytes, distro.LogLimit)
}

func (p Policy) changedHistory() string {
	if p.HistoryBytes == historyLimit {
		return ""
	}
	return fmt.Sprintf(".bash_history fails from %d bytes on, not from %d as in img_check.sh", p.HistoryBytes, historyLimit)
}

func (p Policy) changedDisk() string {
	if p.DiskGiB == diskLimit {
		return ""
	}
	return fmt.Sprintf("a disk may have %d GiB, not %d", p.DiskGiB, diskLimit)
}

func (p Policy) changedPasswords() string {
	if len(p.Passwords) == 0 {
		return ""
	}
	return "allowed a password: " + strings.Join(p.Passwords, ", ")
}
