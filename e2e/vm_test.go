//go:build e2e

package e2e

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vmState is what is done to the booted machine, one after the other, and what a
// run says then. Its plant is run on the machine, without the words of prelude.sh.
type vmState struct {
	fault
	undo string // shell text that takes back what was done
	run  string // shell text that runs the program otherwise than plainly
	// judge looks at what came of it, where that is no report to compare.
	judge func(*testing.T, vmAnswer)
}

func (s vmState) folder(i int) string { return fmt.Sprintf("%02d", i) }

func (s vmState) command() string {
	if s.run != "" {
		return s.run
	}
	only := ""
	if s.only != "" {
		only = " --only " + s.only
	}
	return "exec imgcheck check -v --output json=report.json" + only
}

// The machine is booted once for all states: a boot is most of the time.
func TestVM(t *testing.T) {
	states := vmStates()
	own := vmTree(t, states)
	answers := own.boot()
	clean := own.judgeFresh(t, answers["00"])
	for i, s := range states {
		t.Run(s.name, func(t *testing.T) {
			got := answers[s.folder(i)]
			require.NotEmpty(t, got, "the machine did not get there")
			t.Logf("seconds after the boot: %s", strings.Fields(got["plant.uptime"]+got["run.uptime"]+got["undo.uptime"]))
			for _, part := range []string{"plant", "undo"} {
				require.Equal(t, "0\n", got[part+".code"], "%s: %s%s", part, got[part+".out"], got[part+".err"])
			}
			if s.judge != nil {
				s.judge(t, got)
				return
			}
			s.fault.judge(t, mode{name: "vm", want: func(f fault) string { return f.live }}, got.outcome(t, own.keys), clean)
		})
	}
}

// outcome is what the program said of a state.
func (a vmAnswer) outcome(t *testing.T, keys string) *outcome {
	t.Helper()
	out := &outcome{code: a.code(t), stdout: a["report.json"], stderr: a["run.err"]}
	out.read(t, keys)
	return out
}

func (a vmAnswer) code(t *testing.T) int {
	t.Helper()
	code, err := strconv.Atoi(strings.TrimSpace(a["run.code"]))
	require.NoError(t, err)
	return code
}

// judgeFresh looks at the freshly booted machine, and returns its statuses.
func (own *tree) judgeFresh(t *testing.T, got vmAnswer) map[string]string {
	t.Helper()
	require.NotEmpty(t, got, "the machine did not get there")
	out := got.outcome(t, own.keys)
	assert.Equal(t, 0, out.code)
	assert.Equal(t, "live", out.report.Mode)
	assert.Equal(t, "DigitalOcean", out.report.Machine.Vendor)
	kernels, err := filepath.Glob(filepath.Join(own.root, "boot/vmlinuz-*"))
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(own.root, "boot/vmlinuz-"+out.report.Machine.Kernel), kernels[0])
	// Whatever boots writes some logs and makes keys, and a seed stands for the metadata
	// of a droplet.
	expected := map[string]string{
		"log-files": "warn", "cloud-init-datasource": "warn", "ssh-host-keys": "warn", "machine-id": "warn", "cloud-init-state": "warn",
	}
	// What else a boot leaves depends on how far it got.
	traces := []string{"journal", "login-records", "random-seed", "temp-files", "account-backups", "network-identity"}
	for id, status := range out.statuses() {
		if slices.Contains(traces, id) {
			assert.Contains(t, []string{"pass", "warn"}, status, "%s: %s", id, out.said(id))
			continue
		}
		assert.Equal(t, cmp.Or(expected[id], "pass"), status, "%s: %s", id, out.said(id))
	}
	assert.Contains(t, out.said("firewall"), "the kernel refuses what comes in now")
	assert.Contains(t, out.said("disk-size"), "the disk vda has ")
	assert.Contains(t, out.said("firewall"), "ufw: enabled at boot, running")
	assert.Contains(t, out.said("reboot-required"), "runs the newest installed kernel, "+out.report.Machine.Kernel)
	assert.Contains(t, got["run.out"], "[PASS] reboot-required: ")
	assert.NotContains(t, got["run.out"], "\x1b", "a file gets no colour")
	return out.statuses()
}

// judgeInterrupted looks at a run that was told to end while apt-get hung.
func judgeInterrupted(t *testing.T, got vmAnswer) {
	assert.Equal(t, 130, got.code(t), got["run.err"])
	assert.Contains(t, got["run.err"], "interrupted")
	assert.Contains(t, got, "left")
	assert.Empty(t, got["left"], "of what it started, this is still there")
	assert.NotContains(t, got, "report.json", "half a report is none")
}

// judgeTerminal looks at a run that had a terminal.
func judgeTerminal(t *testing.T, got vmAnswer) {
	assert.Equal(t, 0, got.code(t), got["run.out"])
	assert.Contains(t, got["run.out"], "\x1b[32m[PASS]\x1b[0m firewall: ")
	assert.Contains(t, got["run.out"], "\x1b[33m[WARN]\x1b[0m log-files: ")
	assert.Contains(t, got["run.out"], "0 Tests FAILED")
	assert.NotContains(t, got["run.out"], "panic")
}
