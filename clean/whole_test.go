package clean_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// used is what a build leaves on any machine, and what the default steps take out.
const used = `
-- root/.ssh/authorized_keys mode=0600 --
{{ed25519-public packer_1}}
-- root/.ssh/authorized_keys2 --
{{ed25519-public deploy@ci}}
-- root/.ssh/known_hosts --
{{bytes 400}}
-- root/.bash_history mode=0600 --
{{lines 40 mysql -p hunter2}}
-- root/.local/share/fish/fish_history --
{{bytes 90}}
-- root/.mysql_history --
{{bytes 90}}
-- root/anaconda-ks.cfg mode=0600 --
rootpw {{sha512-hash}}
-- root/.ansible/tmp/x/AnsiballZ_setup.py --
{{bytes 90}}
-- var/log/syslog mode=0640 --
{{bytes 4000}}
-- var/log/syslog.1 --
{{bytes 4000}}
-- var/log/syslog.2.gz --
{{random 400}}
-- var/log/auth.log --
{{token do}}
-- var/log/nginx/access.log --
{{bytes 400}}
-- var/log/nginx/access.log-20261119 --
{{bytes 400}}
-- var/log/wtmp size=3840 --
-- var/log/btmp size=384 --
-- var/log/lastlog size=292292 --
-- var/log/journal/6c3f9a1e0b7d4f52a8c1d2e3f4051627/system.journal size=8M --
-- var/log/audit/audit.log --
{{bytes 400}}
-- var/log/installer/autoinstall-user-data --
{{sha512-hash}}
-- var/lib/logrotate/status --
x
-- var/lib/cloud/instance link=/var/lib/cloud/instances/512345678 --
-- var/lib/cloud/instances/512345678/user-data.txt --
password: {{bytes 20}}
-- var/lib/cloud/data/instance-id --
512345678
-- var/lib/systemd/random-seed --
{{random 512}}
-- var/lib/dhcp/dhclient.leases --
lease {}
-- etc/machine-id --
6c3f9a1e0b7d4f52a8c1d2e3f4051627
-- etc/shadow- --
root:{{sha512-hash}}:20770:0:99999:7:::
-- etc/ssh/ssh_host_ed25519_key mode=0600 --
{{private-key openssh}}
-- etc/ssh/ssh_host_ed25519_key.pub --
{{ed25519-public root@build}}
-- tmp/script_4711.sh --
export TOKEN={{token github}}
-- tmp/.hidden/deep/file --
{{bytes 90}}
-- var/tmp/packer-shell123 --
{{bytes 90}}
-- var/crash/_usr_bin_app.0.crash --
{{bytes 90}}
-- var/lib/plocate/plocate.db --
{{bytes 90}}
`

// defaults are the steps that run where nothing else is asked for, and those among also.
func defaults(also ...string) []*clean.Step {
	return slices.DeleteFunc(clean.Catalogue(), func(s *clean.Step) bool { return !s.Default && !slices.Contains(also, s.ID) })
}

// cleaned takes the steps over the tree, the seal too, and returns their results. A
// second run has nothing left to do.
func cleaned(t *testing.T, tree string, steps []*clean.Step) []clean.Result {
	t.Helper()
	look := looking(t, tree, nil)
	c := clean.New(look, steps, &host.Recovery{})
	results := slices.Collect(c.Before(t.Context()))
	results = append(results, slices.Collect(c.Seal(t.Context()))...)
	for r := range clean.New(look, steps, &host.Recovery{}).Plan(t.Context()) {
		for _, line := range described(r) {
			assert.True(t, strings.HasPrefix(line, "leave "), "planned again by %s: %s", r.Step.ID, line)
		}
	}
	return results
}

func assertWorked(t *testing.T, results []clean.Result) {
	t.Helper()
	require.NotEmpty(t, results)
	for _, r := range results {
		assert.False(t, r.Failed(), "%s: %v", r.Step.ID, r.Err)
	}
}

// TestEveryMachine: on every machine the checks find after a cleaning what they find on
// the machine as it was before it was used, and no secret is left in the tree.
func TestEveryMachine(t *testing.T) {
	for _, machine := range fixtures.Names() {
		if machine == "not-a-system" || machine == "ubuntu-24.04-dirty" { // which have tests of their own
			continue
		}
		t.Run(machine, func(t *testing.T) {
			t.Parallel()
			tree := fixtures.Copy(t, machine, used)
			vendors := vendorsFiles(t, tree)
			assert.Subset(t, judged(t, tree, check.Catalogue()), []string{"fail authorized-keys", "fail shell-history", "warn log-archives", "warn log-files"})

			assertWorked(t, cleaned(t, tree, defaults()))
			assert.Equal(t, judged(t, fixtures.Dir(machine), check.Catalogue()), judged(t, tree, check.Catalogue()))
			assert.Equal(t, vendors, vendorsFiles(t, tree))
			secrets := fixtures.Planted(t, used)
			require.NotEmpty(t, secrets)
			assert.Empty(t, holding(t, tree, secrets))
		})
	}
}

// vendorsFiles are the lines of a dump about what belongs to the vendor.
func vendorsFiles(t *testing.T, tree string) []string {
	t.Helper()
	var lines []string
	for line := range strings.SplitSeq(fixtures.Tree(t, tree), "\n") {
		for _, prefix := range []string{"opt/", "var/lib/cloud/scripts", "etc/systemd/", "etc/cloud/", "usr/", "srv/"} {
			if strings.HasPrefix(line, prefix) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// holding are the files of a tree in which one of the secrets stands.
func holding(t *testing.T, tree string, secrets []string) []string {
	t.Helper()
	var found []string
	for line := range strings.SplitSeq(fixtures.Tree(t, tree), "\n") {
		name, rest, _ := strings.Cut(line, " ")
		if !strings.HasPrefix(rest, "file ") {
			continue
		}
		data, err := os.ReadFile(tree + "/" + name)
		require.NoError(t, err)
		for _, secret := range secrets {
			if strings.Contains(string(data), secret) {
				found = append(found, name)
			}
		}
	}
	return found
}

// TestDirtyMachine: what is left to decide for the vendor, and what needs a running
// machine.
func TestDirtyMachine(t *testing.T) {
	tree := fixtures.Copy(t, "ubuntu-24.04-dirty")
	assertWorked(t, cleaned(t, tree, defaults()))
	assert.Equal(t, []string{
		"warn cloud-init-datasource", "warn first-boot-scripts", "warn motd", "warn firewall", "fail security-updates", "warn updates",
		"warn package-state", "fail root-password", "fail user-passwords", "fail system-passwords", "fail uid-zero", "fail private-keys",
		"warn ssh-files", "fail credentials", "fail do-agent", "warn swap",
	}, judged(t, tree, check.Catalogue()))

	assertWorked(t, cleaned(t, tree, defaults("root-password", "user-passwords", "private-keys", "swap")))
	assert.Equal(t, []string{
		"warn cloud-init-datasource", "warn first-boot-scripts", "warn motd", "warn firewall", "fail security-updates", "warn updates",
		"warn package-state", "fail system-passwords", "fail uid-zero", "warn ssh-files", "fail credentials", "fail do-agent",
	}, judged(t, tree, check.Catalogue()))
	assert.NoFileExists(t, tree+"/swapfile")
}

// TestNoSystem: in a folder that is no machine what cannot be looked at is said, and
// the stages that follow do not begin.
func TestNoSystem(t *testing.T) {
	tree := fixtures.Copy(t, "not-a-system")
	before := fixtures.Tree(t, tree)
	results := cleaned(t, tree, defaults())
	assert.True(t, slices.ContainsFunc(results, clean.Result.Failed))
	assert.Equal(t, clean.StageSecrets, results[len(results)-1].Stage)
	assert.Empty(t, differences(before, fixtures.Tree(t, tree)))
}
