//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/fixtures"
)

// asksPrograms are the checks that ask a program of the machine when it runs, such as
// apt-get or rpm. A fixture holds no program that works.
var asksPrograms = []string{"security-updates", "updates", "cloud-init", "openssh-server", "do-agent", "package-state"}

// TestBothModesAgree runs the binary over every fixture from outside and in it: a
// check that can look in both modes says the same.
func TestBothModesAgree(t *testing.T) {
	layer, err := binary()
	require.NoError(t, err)
	var excused sync.Map
	t.Cleanup(func() {
		for _, id := range asksPrograms {
			_, needed := excused.Load(id)
			assert.True(t, needed, "%s agrees everywhere", id)
		}
	})
	for _, machine := range fixtures.Names() {
		t.Run(machine, func(t *testing.T) {
			t.Parallel()
			own := &tree{t: t, root: fixtures.Copy(t, machine)}
			for _, dir := range []string{"proc", "sys", "dev", "usr/local/bin"} {
				require.NoError(t, os.MkdirAll(filepath.Join(own.root, dir), 0o755))
			}
			require.NoError(t, command("/", "cp", filepath.Join(layer, programPath), filepath.Join(own.root, programPath)))
			outside := modeResults(t, exec.Command(filepath.Join(layer, programPath), "check", "--format", "json", "--root", own.root))
			inside := modeResults(t, enterCommand(own.root, "", programPath, "check", "--no-refresh", "--format", "json"))
			for _, c := range check.Catalogue() {
				a, b := outside[c.ID], inside[c.ID]
				if a.Status == "skip" {
					continue
				}
				if slices.Contains(asksPrograms, c.ID) && !reflect.DeepEqual(a, b) {
					excused.Store(c.ID, true)
					continue
				}
				assert.Equal(t, a, b, c.ID)
			}
		})
	}
}

// modeResults runs a check and returns what it says of each, without times.
func modeResults(t *testing.T, c *exec.Cmd) map[string]result {
	t.Helper()
	_, stdout, stderr := run(t, c)
	var report reportFile
	require.NoError(t, json.Unmarshal([]byte(stdout), &report), "%s\n%s", stdout, stderr)
	all := map[string]result{}
	for _, r := range report.Results {
		all[r.ID] = r
	}
	return all
}
