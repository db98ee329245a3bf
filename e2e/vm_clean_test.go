//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vmDirt is what a build leaves on a running machine. journald writes to the disk, as
// on a droplet.
const vmDirt = `
mkdir -p /root/.ssh /var/log/journal /var/log/app
systemd-tmpfiles --create --prefix /var/log/journal
journalctl --flush
echo lab-line | systemd-cat
journalctl --sync
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ00000000000000000000000000000000000000000k lab' >/root/.ssh/authorized_keys
echo typed >/root/.zsh_history
seq 1000 >/var/log/app/app.log
seq 1000 >/tmp/left
ls /var/log/journal/*/system.journal
`

// vmLook writes down what there is after a clean.
const vmLook = `
` + vmWriters + ` >writers || :
` + vmOthers + ` >others || :
systemctl list-units --failed --no-legend >failed
find /var/log/journal -type f >journals
find /var/log -type f -size +0 >logs
find /tmp /var/tmp -mindepth 1 -not -path '*systemd-private*' -not -name '.*-unix' >temp
ls /etc/ssh/ssh_host_* >hostkeys 2>/dev/null || :
cat /etc/machine-id >machineid
ls -d /run/imgcheck >held 2>/dev/null || :
find /run/log/journal -type f >runjournals 2>/dev/null || :
`

// vmAuditd may not be stopped by hand, as Red Hat's may not.
const vmAuditd = `
printf '[Unit]\nRefuseManualStop=yes\n[Service]\nExecStart=/bin/sleep 4322\n' >/etc/systemd/system/auditd.service
systemctl daemon-reload
systemctl start auditd
touch -d 2001-01-01 /var/lib/systemd/random-seed
`

// vmWriters are units that write, and some that have to stay.
const vmWriters = `systemctl is-active cron rsyslog syslog.socket auditd systemd-random-seed systemd-tmpfiles-clean.timer`
const vmOthers = `systemctl is-active ssh systemd-journald dbus`

// TestVMClean cleans a running machine, by the program as it is released. The last of
// the states seals it.
func TestVMClean(t *testing.T) {
	states := vmCleanStates()
	answers := vmTree(t, states).boot()
	for i, s := range states {
		t.Run(s.name, func(t *testing.T) {
			got := answers[s.folder(i)]
			require.NotEmpty(t, got, "the machine did not get there")
			t.Logf("seconds after the boot: %s", strings.Fields(got["plant.uptime"]+got["run.uptime"]+got["undo.uptime"]))
			for _, part := range []string{"plant", "undo"} {
				require.Equal(t, "0\n", got[part+".code"], "%s: %s%s", part, got[part+".out"], got[part+".err"])
			}
			s.judge(t, got)
		})
	}
}

func vmCleanStates() []vmState {
	const clean = `code=0; imgcheck clean --output json=report.json %s </dev/null || code=$?` + "\n" + vmLook + "exit $code"
	run := func(flags string) string { return strings.Replace(clean, "%s", flags, 1) }
	return []vmState{
		{fault: fault{name: "clean that nobody confirms", plant: vmDirt + vmAuditd}, run: run(""), judge: judgeUnconfirmed},
		{
			fault: fault{name: "clean that finds a private key", plant: `ssh-keygen -q -t ed25519 -N '' -C lab -f /root/.ssh/id_ed25519; rm /root/.ssh/id_ed25519.pub`},
			run:   run("--yes"), judge: judgeStopped, undo: `rm /root/.ssh/id_ed25519`,
		},
		{fault: fault{name: "clean", plant: vmDirt}, run: run("--yes"), judge: judgeCleaned},
	}
}

func running(units int) string { return strings.Repeat("active\n", units) }

func judgeUnconfirmed(t *testing.T, got vmAnswer) {
	assert.Equal(t, 2, got.code(t), got["run.out"])
	assert.Contains(t, got["run.err"], "--yes")
	assert.Equal(t, running(6), got["writers"])
	assert.NotEmpty(t, got["journals"])
	assert.NotEmpty(t, got["hostkeys"])
}

// judgeStopped looks at a clean whose checks found what only a person can decide: it
// is not sealed, and what was stopped runs again.
func judgeStopped(t *testing.T, got vmAnswer) {
	assert.Equal(t, 1, got.code(t), got["run.out"]+got["run.err"])
	assert.Contains(t, got["run.out"], "[FAIL] private-keys")
	assert.Equal(t, running(6), got["writers"], "what was stopped runs again")
	assert.NotEmpty(t, got["journals"], "journald writes to the disk again")
	assert.NotEmpty(t, got["hostkeys"])
	assert.Empty(t, got["held"])
	assert.Empty(t, got["failed"])
}

func judgeCleaned(t *testing.T, got vmAnswer) {
	require.Equal(t, 0, got.code(t), got["run.out"]+got["run.err"])
	assert.Contains(t, got["run.out"], "Power off now")
	assert.Contains(t, got["run.out"], "0 Tests FAILED")
	assert.Equal(t, strings.ReplaceAll(running(6), "active", "inactive"), got["writers"], "what writes has stopped")
	assert.Equal(t, running(3), got["others"], "and nothing else")
	for _, name := range []string{"journals", "logs", "temp", "hostkeys", "machineid", "held", "failed"} {
		assert.Empty(t, got[name], name)
	}
	assert.NotEmpty(t, got["runjournals"], "journald goes on in memory")
	var report struct {
		ExitCode int `json:"exit_code"`
		Actions  []struct{ Step, Op, Path, Status, Error string }
	}
	require.NoError(t, json.Unmarshal([]byte(got["report.json"]), &report))
	done := map[string]bool{}
	for _, a := range report.Actions {
		assert.NotEqual(t, "failed", a.Status, "%+v", a)
		if a.Status == "done" {
			done[a.Op] = true
		}
	}
	for _, op := range []string{"truncate", "remove", "stop", "run", "wait", "fill"} {
		assert.True(t, done[op], "%s was done", op)
	}
}
