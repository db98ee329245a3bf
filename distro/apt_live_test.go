package distro

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// said is what a program says in a test.
type said struct {
	stdout, stderr string
	code           int
	err            error
}

// aptSays answers calls of apt-get from a table.
type aptSays struct {
	update, simulate said
	calls            [][]string
}

func (a *aptSays) Find(name string) (string, error) { return "/usr/bin/" + name, nil }

func (a *aptSays) Run(_ context.Context, cmd host.Command) (host.Output, error) {
	a.calls = append(a.calls, append([]string{cmd.Name}, cmd.Args...))
	answer := a.simulate
	if slices.Contains(cmd.Args, "update") {
		answer = a.update
	}
	return host.Output{Stdout: []byte(answer.stdout), Stderr: []byte(answer.stderr), ExitCode: answer.code}, answer.err
}

const (
	labRelease = "Origin: Debian\nLabel: Debian-Security\nSuite: oldstable-security\nVersion: 12\nCodename: bookworm-security\nArchitectures: amd64\nComponents: main\nSHA256:\n"
	labLists   = aptLists + "/lab.example_debian_dists_bookworm"
	nothing    = "Reading package lists...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
)

// labFiles is a machine with lab-web 1.0, and 1.1 and 1.2 of it in a security and an
// updates suite.
func labFiles() map[string]string {
	stanza := func(version string) string {
		return "Package: lab-web\nArchitecture: amd64\nVersion: " + version + "\n\n"
	}
	return map[string]string{
		dpkgStatus:                       oneInstalled,
		aptSources:                       "deb http://u:p@lab.example/debian bookworm-security main\ndeb http://lab.example/debian bookworm-updates main\n",
		labLists + "-security_InRelease": labRelease + " aa 51 main/binary-amd64/Packages\n",
		labLists + "-updates_Release": "Origin: Debian\nLabel: Debian\nSuite: oldstable-updates\nVersion: 12-updates\nCodename: bookworm-updates\n" +
			"Architectures: amd64\nComponents: main\nSHA256:\n aa 51 main/binary-amd64/Packages\n",
		labLists + "-security_main_binary-amd64_Packages": stanza("1.1"),
		labLists + "-updates_main_binary-amd64_Packages":  stanza("1.2"),
	}
}

func liveMachine(t *testing.T, files map[string]string, apt *aptSays) *debPackages {
	t.Helper()
	d := debMachine(t, files)
	d.Live, d.Exec, d.settings.Refresh = true, apt, true
	d.Facts.ProcessName = func(context.Context, int) (string, error) { return "apt-get", nil }
	return d
}

func TestPendingLive(t *testing.T) {
	t.Parallel()
	update := Update{Name: "lab-web", Arch: "amd64", Installed: "1.0", Candidate: "1.2", Source: "Debian:12-updates/oldstable-updates", Security: true}
	inst := "Inst lab-web [1.0] (1.2 Debian:12-updates/oldstable-updates [amd64])\nConf lab-web (1.2 Debian:12-updates/oldstable-updates [amd64])\n"
	one := "1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
	kept := update
	kept.KeptBack = true
	for _, row := range []struct {
		name, stdout string
		want         []Update
	}{
		{"a fix behind a later version", one + inst, []Update{update}},
		{"kept back", "The following packages have been kept back:\n  lab-web\n0 upgraded, 0 newly installed, 0 to remove and 1 not upgraded.\n", []Update{kept}},
		{"known to apt only", "2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n" + inst + "Inst libz:i386 [1] (2 Ubuntu:24.04/noble-security [i386])\n", []Update{
			update, {Name: "libz", Arch: "i386", Installed: "1", Candidate: "2", Source: "Ubuntu:24.04/noble-security", Security: true}}},
		{"a downgrade", one + inst + "Inst lab-old [2] (1 Debian-Security:12/oldstable-security [all])\n", []Update{update}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			apt := &aptSays{simulate: said{stdout: row.stdout}}
			updates, err := liveMachine(t, labFiles(), apt).Pending(context.Background())
			require.NoError(t, err)
			assert.Equal(t, Updates{Refreshed: true, Advisories: true, List: row.want}, updates)
			require.Len(t, apt.calls, 2, "one refresh, one simulation")
			assert.Equal(t, "update", apt.calls[0][len(apt.calls[0])-1])
			assert.Equal(t, "dist-upgrade", apt.calls[1][len(apt.calls[1])-1])
		})
	}
}

func TestPendingLiveFailures(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name             string
		update, simulate said
		is               error
		says             string
	}{
		{"unreachable, exit 0", said{stderr: "W: Failed to fetch http://u:p@lab.example/debian/dists/bookworm-security/InRelease  Could not connect to lab.example:80 (192.0.2.1), connection timed out\nW: Some index files failed to download. They have been ignored, or old ones used instead.\n"},
			said{stdout: nothing}, ErrRefresh, "fetching the index of http://lab.example/debian bookworm-security did not succeed"},
		{"two unreachable", said{stderr: "E: Failed to fetch http://a/dists/x/InRelease  503\nE: Failed to fetch http://b/dists/x/InRelease  503\n", code: 100},
			said{}, ErrRefresh, "of http://a x did not succeed, and 1 more"},
		{"no key", said{stderr: "W: GPG error: http://lab.example/debian bookworm InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9\nE: The repository 'http://lab.example/debian bookworm InRelease' is not signed.\nN: Updating from such a repository can't be done securely, and is therefore disabled by default.\n", code: 100},
			said{}, ErrRefresh, "the signature of http://lab.example/debian bookworm (NO_PUBKEY 0E98404D386FA1D9) cannot be verified"},
		{"expired key, exit 0", said{stderr: "W: An error occurred during the signature verification. The repository is not updated and the previous index files will be used. GPG error: http://a x InRelease: The following signatures were invalid: EXPKEYSIG ABCD Some One\n"},
			said{}, ErrRefresh, "the signature of http://a x (EXPKEYSIG ABCD) cannot be verified"},
		{"expired release", said{stderr: "E: Release file for http://lab.example/debian/dists/x/InRelease is expired (invalid since 3d 2h). Updates for this repository will not be applied.\n", code: 100},
			said{}, ErrRefresh, "the Release file of http://lab.example/debian x is expired or not valid yet"},
		{"no such suite", said{stderr: "E: The repository 'http://lab.example/debian nosuch Release' does not have a Release file.\n", code: 100},
			said{}, ErrRefresh, "no signed Release file of http://lab.example/debian nosuch"},
		{"no such component", said{stderr: "W: Skipping acquire of configured file 'mian/binary-amd64/Packages' as repository 'http://a x InRelease' doesn't have the component 'mian' (component misspelt in sources.list?)\n"},
			said{}, ErrRefresh, "doesn't have the component 'mian'"},
		{"/tmp not writable, exit 0", said{stderr: "W: GPG error: http://a x InRelease: Couldn't create temporary file /tmp/apt.conf.Xa1 for passing config to apt-key\n"},
			said{}, ErrRefresh, "apt cannot write to /tmp"},
		{"an unknown warning", said{stderr: "W: Something nobody has seen\n"}, said{}, ErrRefresh, "apt says: Something nobody has seen"},
		{"locked all the time", said{stderr: "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 4711 (apt-get)\nE: Unable to lock directory /var/lib/apt/lists/\n", code: 100},
			said{}, ErrLocked, "held by process 4711"},
		{"exit without a reason", said{code: 100}, said{}, ErrRefresh, "exited with 100 and gave no reason"},
		{"no apt-get", said{err: host.ErrNoProgram}, said{}, host.ErrNoProgram, ""},
		{"hangs", said{err: host.ErrTimeout}, said{}, host.ErrTimeout, ""},
		{"simulation is broken", said{}, said{stderr: "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).\n", code: 100}, nil, "apt-get --fix-broken install"},
		{"dpkg was interrupted", said{}, said{stderr: "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n", code: 100}, nil, "dpkg --configure -a"},
		{"simulation warns", said{}, said{stdout: nothing, stderr: "W: Something nobody has seen\n"}, nil, "nobody has seen"},
		{"simulation exits", said{}, said{stdout: nothing, code: 1}, nil, "exited with 1 and gave no reason"},
		{"simulation says nothing", said{}, said{}, nil, "without a summary"},
		{"simulation is cut", said{}, said{stdout: "2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\nInst a [1] (2 x [all])\n"}, nil, "fewer upgrades than it counts"},
		{"simulation is odd", said{}, said{stdout: "Inst a [1\n" + nothing}, nil, "line 1 cannot be read"},
		{"simulation floods", said{}, said{err: host.ErrFlood}, host.ErrFlood, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := liveMachine(t, labFiles(), &aptSays{update: row.update, simulate: row.simulate}).Pending(context.Background())
			require.Error(t, err)
			if row.is != nil {
				require.ErrorIs(t, err, row.is)
			}
			assert.ErrorContains(t, err, row.says)
			assert.NotContains(t, err.Error(), "u:p@")
		})
	}
}

// TestPendingBesideAnError: an update that is known is not forgotten over what went wrong.
func TestPendingBesideAnError(t *testing.T) {
	t.Parallel()
	oneGone := labFiles()
	oneGone[aptSources] += "deb http://gone.example/x y main\n"
	for name, row := range map[string]struct {
		files            map[string]string
		update, simulate said
		says             string
	}{
		"the old index": {labFiles(), said{stderr: "E: Failed to fetch http://a/dists/x/InRelease  503\n", code: 100}, said{stdout: nothing}, "could not be refreshed"},
		"another index": {oneGone, said{}, said{stdout: nothing}, "http://gone.example/x y main: configured, and never fetched"},
		"no simulation": {labFiles(), said{}, said{stderr: "E: Unmet dependencies.\n", code: 100}, "--fix-broken install"},
		"apt alone knows": {map[string]string{dpkgStatus: oneInstalled, aptConf: `Dir::State::lists "/srv/lists";`}, said{}, said{stdout: "1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n" +
			"Inst lab-web [1.0] (1.1 Debian-Security:12/oldstable-security [all])\n"}, "to look elsewhere"},
		"a tree's one index": {oneGone, said{}, said{}, "never fetched"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := liveMachine(t, row.files, &aptSays{update: row.update, simulate: row.simulate})
			d.Live = name != "a tree's one index"
			updates, err := d.Pending(t.Context())
			require.ErrorContains(t, err, row.says)
			require.Len(t, updates.List, 1)
			assert.True(t, updates.List[0].Security)
		})
	}
}

func TestHarmlessWarnings(t *testing.T) {
	t.Parallel()
	assert.Empty(t, parseAptMessages([]byte(`W: Target Packages (main/binary-amd64/Packages) is configured multiple times in /etc/apt/a.list:1 and /etc/apt/b.list:1
W: http://a/dists/x/InRelease: Key is stored in legacy trusted.gpg keyring (/etc/apt/trusted.gpg), see the DEPRECATION section in apt-key(8) for details.
W: http://a/dists/x/Release.gpg: Signature by key ABC uses weak digest algorithm (SHA1)
W: https://a/dists/x/InRelease: Policy will reject signature within a year, see --audit for details
W: Conflicting distribution: http://a x InRelease (expected x but got )
W: Download is performed unsandboxed as root as file '/x' couldn't be accessed by user '_apt'. - pkgAcquire::Run (13: Permission denied)
W: The repository 'http://a x Release' is not signed.
N: Data from such a repository can't be authenticated and is therefore potentially dangerous to use.
N: Skipping acquire of configured file 'main/binary-i386/Packages' as repository 'http://a x InRelease' doesn't support architecture 'i386'
   a continuation that says E: nothing
`)))
}

func TestPendingLiveLocked(t *testing.T) {
	t.Parallel()
	d := liveMachine(t, labFiles(), &aptSays{simulate: said{stdout: nothing}})
	d.settings.LockWait = time.Minute // which a busy computer needs
	rounds := 0
	d.lockHolder = func(name string) (int, error) {
		if name != "/var/lib/apt/lists/lock" {
			return 0, nil
		}
		if rounds++; rounds > 2 {
			return 0, nil
		}
		return 4711, nil
	}
	_, err := d.Pending(context.Background())
	require.NoError(t, err, "the lock was given back in time")

	d.settings.LockWait = time.Second
	d.lockHolder = func(name string) (int, error) {
		if name == "/var/lib/dpkg/lock" {
			return 4711, nil
		}
		return 0, nil
	}
	_, err = d.Pending(context.Background())
	require.ErrorIs(t, err, ErrLocked)
	require.EqualError(t, err, "a package lock is held: /var/lib/dpkg/lock by process 4711 (apt-get)")

	d.lockHolder = func(string) (int, error) { return 0, errors.New("not allowed") }
	_, err = d.Pending(context.Background())
	require.EqualError(t, err, "looking for the holder of a package lock: not allowed")
}

func TestParseAptSimulation(t *testing.T) {
	t.Parallel()
	s, err := parseAptSimulation([]byte(`NOTE: This is only a simulation!
The following security updates require Ubuntu Pro with 'esm-infra' enabled:
  libsystemd0 udev
The following upgrades have been deferred due to phasing:
  snapd
The following packages have been kept back:
  linux-generic linux-image-generic
  libc6:i386
The following packages will be upgraded:
  libc6
4 upgraded, 1 newly installed, 0 to remove and 4 not upgraded.
Inst linux-image-6.8.0-88 (6.8.0-88.89 Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security [amd64])
Inst libc6 [2.23-0ubuntu9] (2.23-0ubuntu11.3 Ubuntu:16.04/xenial-updates, Ubuntu:16.04/xenial-security [amd64]) [libc-bin:amd64 libc6:i386 ]
Inst libc6:i386 [2.23-0ubuntu9] (2.23-0ubuntu11.3 Ubuntu:16.04/xenial-updates [i386]) []
Inst local [1] (2 localhost [all])
Inst vendor [1] (2 Some (odd) Label:stable [x]y/stable [amd64]) [a on b] [c ]
Remv old [1.0]
Conf libc6 (2.23-0ubuntu11.3 Ubuntu:16.04/xenial-updates [amd64])
`))
	require.NoError(t, err)
	assert.Equal(t, []string{"snapd"}, s.deferred)
	assert.Equal(t, []string{"linux-generic", "linux-image-generic", "libc6:i386"}, s.keptBack)
	require.Len(t, s.installs, 4)
	assert.Equal(t, aptInstall{"libc6", "2.23-0ubuntu9", "2.23-0ubuntu11.3", "amd64", []string{"Ubuntu:16.04/xenial-updates", "Ubuntu:16.04/xenial-security"}}, s.installs[0])
	assert.Equal(t, "libc6:i386", s.installs[1].name)
	assert.Equal(t, []string{"localhost"}, s.installs[2].origins)
	assert.Equal(t, []string{"Some (odd) Label:stable [x]y/stable"}, s.installs[3].origins)

	s, err = parseAptSimulation([]byte("Upgrading:\n  a\n\nNot upgrading:\n  b\n\nSummary:\n  Upgrading: 1, Installing: 0, Removing: 0, Not Upgrading: 1\nInst a [1] (2 Debian:13/stable [all])\n"))
	require.NoError(t, err, "apt 3 with Output-Version 30")
	assert.Equal(t, []string{"b"}, s.keptBack)
}

func FuzzAptSimulation(f *testing.F) {
	f.Add([]byte("Inst a [1] (2 Debian:12/oldstable, x [all]) []\n1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"))
	f.Add([]byte("W: Failed to fetch http://u:p@h/dists/x/InRelease\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseAptSimulation(data)
		if err == nil && strings.Count("\n"+string(data), "\nInst ") < len(s.installs) {
			t.Fatal("more installs than lines")
		}
		for _, i := range s.installs {
			i.update()
		}
		if messages := parseAptMessages(data); len(messages) > 0 {
			_ = worst(messages).Error()
		}
	})
}
