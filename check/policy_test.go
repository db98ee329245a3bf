package check

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"imgcheck/distro"
)

// TestPolicy: each limit is the caller's, and the check says so.
func TestPolicy(t *testing.T) {
	disk := func(_ *testing.T, m *distro.Machine) {
		m.Live = true
		m.Facts.RootDisk = func(context.Context) (string, uint64, error) { return "vda", 50 << 30, nil }
	}
	log := "-- var/log/app.log --\n" + strings.Repeat("x", 99) + "\n"
	typed := "-- root/.bash_history --\n" + strings.Repeat("x", 299) + "\n"
	users := withAccount("app:x:1000:1000::/home/app:/bin/sh\nweb:x:1001:1001::/home/web:/bin/sh",
		"app:{{sha512-hash}}:20000::::::\nweb:{{sha512-hash}}:20000::::::")
	policy := Policy{LogBytes: 100, HistoryBytes: 301, DiskGiB: 50, Passwords: []string{"app"}}
	testCheck(t, logFiles(policy), []row{
		{name: "a log up to the limit", overlay: log, want: Pass},
		{name: "a log over the limit", overlay: log + "more\n", want: Warn, findings: []string{"warn /var/log/app.log 105 bytes"}},
	})
	testCheck(t, shellHistory(policy), []row{
		{name: "a history below the limit", overlay: typed, want: Pass, findings: []string{"note /root/.bash_history 300 bytes of bash history"}},
		{name: "a history of the limit", overlay: typed + "\n", want: Fail, findings: []string{"fail /root/.bash_history 301 bytes of bash history"}},
	})
	testCheck(t, diskSize(policy), []row{
		{name: "the $12 droplet's", change: disk, want: Pass, findings: []string{"note  the disk vda has 50.0 GiB"}},
	})
	policy.DiskGiB = 49
	testCheck(t, diskSize(policy), []row{
		{name: "of a GiB more", change: disk, want: Warn, findings: []string{"warn  the disk vda has 50.0 GiB, which is over 49 GiB"}},
	})
	testCheck(t, userPasswords(policy), []row{{
		name: "one of two is allowed", overlay: users, want: Fail,
		findings: []string{"fail /etc/shadow:26 web has a password", "note /etc/shadow:25 app has a password, which is allowed"},
	}})
}

// TestPolicyChangesWhatItSays: nothing else, and never in silence.
func TestPolicyChangesWhatItSays(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*Policy)
		want   map[string]string
	}{
		"nothing": {func(*Policy) {}, map[string]string{}},
		"logs": {func(p *Policy) { p.LogBytes = 51 }, map[string]string{
			"log-files": "logs of up to 51 bytes count as empty, not of up to 50 as in img_check.sh",
		}},
		"histories": {func(p *Policy) { p.HistoryBytes = 1 }, map[string]string{
			"shell-history": ".bash_history fails from 1 bytes on, not from 200 as in img_check.sh",
		}},
		"disks": {func(p *Policy) { p.DiskGiB = 10 }, map[string]string{"disk-size": "a disk may have 10 GiB, not 25"}},
		"users": {func(p *Policy) { p.Passwords = []string{"a", "b"} }, map[string]string{"user-passwords": "allowed a password: a, b"}},
	} {
		t.Run(name, func(t *testing.T) {
			policy, got := Usual(), map[string]string{}
			row.change(&policy)
			all := policy.Over(Catalogue())
			for i, c := range all {
				assert.Equal(t, Catalogue()[i].ID, c.ID)
				if c.Changed != "" {
					got[c.ID] = c.Changed
				}
			}
			assert.Equal(t, row.want, got)
		})
	}
}
