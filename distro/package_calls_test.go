package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// What dpkg and apt-get of Debian 12 said on the lab tree.
const (
	scriptFailed = `dpkg: error processing package lab-web (--configure):
 installed lab-web package post-installation script subprocess returned error exit status 1
Errors were encountered while processing:
 lab-web
E: Sub-process /usr/bin/dpkg returned an error code (1)
`
	consequences = `dpkg: dependency problems prevent configuration of lab-app:
 lab-app depends on lab-web; however:
  Package lab-web is not configured yet.

dpkg: error processing package lab-app (--configure):
 dependency problems - leaving unconfigured
` + scriptFailed
	fileTaken = `dpkg: error processing archive /var/cache/apt/archives/lab-web_1.1_all.deb (--unpack):
 trying to overwrite '/usr/bin/x', which is also in package lab-other 1
Errors were encountered while processing:
 /var/cache/apt/archives/lab-web_1.1_all.deb
E: Sub-process /usr/bin/dpkg returned an error code (1)
`
	noPackage = "W: Possible missing firmware /lib/firmware/x for module y\nE: Failed to fetch http://u:hush@127.0.0.1:9/pool/lab-web_1.1_all.deb  Could not connect to 127.0.0.1:9 (127.0.0.1).\n" +
		"E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n"
)

func TestJudgeApt(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		out  host.Output
		says string
	}{
		"worked":                    {says(0, "", "W: Possible missing firmware /lib/firmware/x for module y\n"), ""},
		"broken off, exit 0":        {says(0, "", "W: Operation was interrupted before it could finish\n"), "was interrupted from outside"},
		"a script fails":            {says(100, "", scriptFailed), "package lab-web could not be configured: installed lab-web package post-installation script subprocess returned error exit status 1"},
		"and others after it":       {says(100, "", consequences), "package lab-web could not be configured: installed lab-web package post-installation script subprocess returned error exit status 1, and 1 more"},
		"a file of another package": {says(100, "", fileTaken), "package lab-web_1.1_all.deb could not be unpacked: trying to overwrite '/usr/bin/x', which is also in package lab-other 1"},
		"a package is missing":      {says(100, "", noPackage), "exit code 100: Failed to fetch http://127.0.0.1:9/pool/lab-web_1.1_all.deb  Could not connect to 127.0.0.1:9 (127.0.0.1)."},
		"no room":                   {says(100, "", "E: You don't have enough free space in /var/cache/apt/archives/.\n"), "exit code 100: You don't have enough free space in /var/cache/apt/archives/."},
		"unmet dependencies":        {says(100, "", "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).\n"), "installed packages lack what they depend on (apt-get --fix-broken install)"},
		"dpkg interrupted":          {says(100, "", "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n"), "dpkg was interrupted (dpkg --configure -a)"},
		"exit without a reason":     {says(7, "", ""), "exit code 7: and it says nothing"},
		"dpkg breaks off":           {says(2, "", "dpkg: unrecoverable fatal error, aborting:\n unable to fill /var/lib/dpkg/updates/tmp.i with padding: No space left on device\n"), "exit code 2: unable to fill /var/lib/dpkg/updates/tmp.i with padding: No space left on device"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := judgeApt(row.out)
			if row.says == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, row.says)
		})
	}
}

func TestTellApt(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "1 upgraded, 1 newly installed, 1 to remove and 0 not upgraded, removed lab-old", tellApt(says(0,
		"The following packages will be REMOVED:\n  lab-old\n1 upgraded, 1 newly installed, 1 to remove and 0 not upgraded.\nRemoving lab-old (1.0) ...\nSetting up lab-web (1.1) ...\n", "")))
	assert.Empty(t, tellApt(says(0, "Setting up lab-web (1.1) ...\n", "")), "dpkg has no summary")
	assert.Equal(t, "a"+strings.Repeat(", a", 19)+" and 2 more", few(strings.Split(strings.Repeat("a", 22), "")))
}

func TestJudgeDnf(t *testing.T) {
	t.Parallel()
	const problem = "Error: \n Problem: cannot install the best update candidate for package lab-web-1.0-1.el9.noarch\n  - nothing provides lab-nowhere needed by lab-web-1.1-1.el9.noarch from baseos\n" +
		"(try to add '--skip-broken' to skip uninstallable packages)\n"
	for name, row := range map[string]struct {
		out  host.Output
		says string
	}{
		"worked":                    {says(0, "Complete!\n", ""), ""},
		"a script of an old one":    {says(0, "Complete!\n", "warning: %postun(lab-web-1.0-1.el9.noarch) scriptlet failed, exit status 1\n"), ""},
		"a script of a new one":     {says(0, "Complete!\n", "warning: %post(lab-web-1.1-1.el9.noarch) scriptlet failed, exit status 1\n"), "package lab-web-1.1-1.el9.noarch could not be configured: %post failed, exit status 1"},
		"a script ended by SIGKILL": {says(0, "warning: %posttrans(kernel-core-5.14.0-2.el9.x86_64) scriptlet failed, signal 9\n", ""), "package kernel-core-5.14.0-2.el9.x86_64 could not be configured: %posttrans failed, signal 9"},
		"a dependency":              {says(1, "", problem), "Problem: cannot install the best update candidate for package lab-web-1.0-1.el9.noarch - nothing provides lab-nowhere needed by lab-web-1.1-1.el9.noarch from baseos (try to add '--skip-broken' to skip uninstallable packages)"},
		"repository unreachable":    {says(1, "", deadRepo), "Failed to download metadata for repo 'dead': Cannot download repomd.xml: http://127.0.0.1:1/x All mirrors were tried"},
		"skipped repository":        {says(0, "", badFile), "Warning: failed loading '/etc/yum.repos.d/dead.repo', skipping."},
		"usage":                     {says(2, "", "usage: dnf upgrade\n"), "exit code 2: usage: dnf upgrade"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := judgeDnf(row.out)
			if row.says == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, row.says)
		})
	}
	require.ErrorIs(t, judgeDnfRefresh(says(1, "", deadRepo)), ErrRefresh)
	assert.Equal(t, "install 1, upgrade 2", tellDnf(says(0, "Transaction Summary\n====\nInstall  1 Package\nUpgrade  2 Packages (+1 Dependent package)\n\nTotal size: 1 k\n", "")))
}

func FuzzPackageMessages(f *testing.F) {
	f.Add([]byte(consequences))
	f.Add([]byte("1 upgraded, 0 newly installed, 1 to remove and 0 not upgraded.\nPurg a [1]\nRemv b:i386 [2]\n"))
	f.Add([]byte("Error: \n Problem: x\nwarning: %post(a-1) scriptlet failed, exit status 1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, code := range []int{0, 1, 100} {
			for _, judge := range []func(host.Output) error{judgeApt, judgeDnf} {
				err := judge(host.Output{Stderr: data, ExitCode: code})
				if code != 0 && err == nil {
					t.Fatal("a failure is none")
				}
				if err != nil && len(err.Error()) > 8*spokenLimit {
					t.Fatal("too much is repeated")
				}
			}
		}
		removed, err := parseAptRemovals(data)
		if err == nil && len(removed) > strings.Count(string(data), "\n")+1 {
			t.Fatal("more removals than lines")
		}
	})
}
