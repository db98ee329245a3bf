//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVMQuiet stops what writes, and starts it again. The unit named auditd may not be
// stopped by hand, as Red Hat's may not.
func TestVMQuiet(t *testing.T) {
	const auditd = `printf '[Unit]\nRefuseManualStop=yes\n[Service]\nExecStart=/bin/sleep 4322\n' >/etc/systemd/system/auditd.service
		systemctl daemon-reload
		systemctl start auditd`
	const run = `ask() { systemctl is-active cron rsyslog syslog.socket auditd systemd-random-seed systemd-tmpfiles-clean.timer ssh systemd-journald dbus || :; }
		ask >before
		touch -d 2001-01-01 /var/lib/systemd/random-seed
		cleaner -only wait,quiet >actions
		ask >quiet
		find /var/lib/systemd/random-seed -newermt 2002-01-01 >seed
		cat /run/imgcheck/recovery.json >debts
		cleaner -put-back
		ask >after
		ls /run/imgcheck >owed 2>&1 || :`
	own := vmTree(t, []vmState{{fault: fault{plant: auditd}, run: run}})
	own.cleanArgv("") // the program alone
	got := own.boot()["00"]
	require.NotEmpty(t, got, "the machine did not get there")
	require.Equal(t, "0\n", got["plant.code"], got["plant.err"])
	require.Equal(t, 0, got.code(t), got["run.err"])
	running := strings.Repeat("active\n", 9)
	assert.Equal(t, running, got["before"])
	assert.Equal(t, strings.Repeat("inactive\n", 6)+strings.Repeat("active\n", 3), got["quiet"], "what writes has stopped, and nothing else")
	assert.Equal(t, running, got["after"])
	assert.NotEmpty(t, got["seed"], "the seed was saved before it can be removed")
	assert.Contains(t, got["debts"], `{"kind":"unit","what":"auditd.service"}`)
	assert.Contains(t, got["owed"], "No such file")
	var actions []cleanedAction
	require.NoError(t, json.Unmarshal([]byte(got["actions"]), &actions))
	rows := (&cleaned{actions: actions}).rows()
	assert.Equal(t, []string{"done wait cloud-init", "done wait the package locks", "done stop cron.service"}, rows[:3])
	assert.Contains(t, rows, "done stop auditd.service")
	for _, row := range rows {
		assert.True(t, strings.HasPrefix(row, "done "), row)
	}
}
