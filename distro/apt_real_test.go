package distro

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// realApt runs this computer's apt-get on the tree in dir and on nothing else.
type realApt struct{ dir string }

func (a realApt) Find(name string) (string, error) { return exec.LookPath(name) }

func (a realApt) Run(ctx context.Context, cmd host.Command) (host.Output, error) {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	c := exec.CommandContext(ctx, cmd.Name, cmd.Args...)
	c.Env = append(os.Environ(), "LC_ALL=C", "APT_CONFIG="+filepath.Join(a.dir, "apt-test.conf"))
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	var exit *exec.ExitError
	if ctx.Err() == nil && errors.As(err, &exit) {
		err = nil
	}
	return host.Output{Stdout: stdout.Bytes(), Stderr: stderr.Bytes(), ExitCode: c.ProcessState.ExitCode()}, err
}

// realSuite is a repository in a tree.
type realSuite struct{ folder, name, fields string }

func realSuites() map[string]realSuite {
	return map[string]realSuite{
		"main":     {"debian", "bookworm", "Origin: Debian\nLabel: Debian\nSuite: oldstable\nVersion: 12.15\nCodename: bookworm\n"},
		"updates":  {"debian", "bookworm-updates", "Origin: Debian\nLabel: Debian\nSuite: oldstable-updates\nVersion: 12-updates\nCodename: bookworm-updates\n"},
		"security": {"debian-security", "bookworm-security", "Origin: Debian\nLabel: Debian-Security\nSuite: oldstable-security\nVersion: 12\nCodename: bookworm-security\n"},
		"vendor":   {"vendor", "bookworm-security", "Origin: Example\nLabel: Example-Security\nSuite: stable-security\nCodename: bookworm-security\n"},
		"backports": {"debian", "bookworm-backports", "Origin: Debian Backports\nLabel: Debian Backports\nSuite: oldstable-backports\nCodename: bookworm-backports\n" +
			"NotAutomatic: yes\nButAutomaticUpgrades: yes\n"},
		"experimental": {"debian", "experimental", "Origin: Debian\nLabel: Debian\nSuite: experimental\nCodename: rc-buggy\nNotAutomatic: yes\n"},
	}
}

func (s realSuite) publish(t *testing.T, dir string, stanzas []string) {
	t.Helper()
	index := strings.Join(stanzas, "\n")
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	_, err := w.Write([]byte(index))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	hash := func(data []byte, name string) string {
		return fmt.Sprintf(" %x %d %s\n", sha256.Sum256(data), len(data), name)
	}
	// i386 has no index of its own: packages of foreign architectures may stand in any
	const packages = "main/binary-amd64/Packages"
	release := s.fields + "Date: " + time.Now().UTC().Format(time.RFC1123) + "\nArchitectures: amd64\nComponents: main\nSHA256:\n" +
		hash([]byte(index), packages) + hash(gz.Bytes(), packages+".gz")
	suite := filepath.Join(dir, "srv", s.folder, "dists", s.name)
	require.NoError(t, os.MkdirAll(filepath.Join(suite, filepath.Dir(packages)), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(suite, packages+".gz"), gz.Bytes(), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(suite, "Release"), []byte(release), 0o644))
}

// realOffers is a line a version: name, version, suite, further fields. The version
// "have" of a package is the installed one.
const realOffers = `
plain          1.0 have
plain          1.1 updates
inmain         1.0 have
inmain         1.0.1 main
secure         1.0 have
secure         1.1 security
behind         1.0 have
behind         1.1 security
behind         1.2 updates
both           1.0 have
both           1.1 updates
both           1.1 security
held           1.0 have hold
held           1.1 security
kept           1.0 have
kept           1.1 security Depends: nowhere
keptversion    1.0 have
keptversion    1.1 updates Depends: kernel (>= 3)
kernel         1.0 have
kernel         1.1 security Depends: kernel-1.1 (= 1), virtual-thing | nowhere
kernel-1.1     1 security
thing          2 main Provides: virtual-thing
needsheld      1.0 have
needsheld      1.1 updates Depends: held (>= 1.1)
epoch          1:1.0~rc1 have
epoch          1:1.0 security
newer          1:1.0 have
newer          2.0 security
mod-security2  1.0 have
mod-security2  1.1 updates
foreign        1.0 have
foreign        1.1 vendor
pinaway        1.0 have
pinaway        1.1 security
pinaway        1.0 main
pinversion     1.0 have
pinversion     1.1 security
glob-a         1.0 have
glob-a         1.1 updates
origin         1.0 have
origin         1.1 vendor
bpo-new        1.0 have
bpo-new        1.0 main
bpo-new        2.0~bpo backports
bpo-have       1.0~bpo have
bpo-have       2.0~bpo backports
bpo-have       0.5 main
exp            1.0 have
exp            1.0 main
exp            2.0 experimental
down           2.0 have
down           1.0 main
source-pin     1.0 have
source-pin     1.1 updates Source: srcpkg
`

const realPreferences = `Package: pinaway
Pin: release l=Debian-Security
Pin-Priority: -1

Package: pinversion
Pin: version 1.0
Pin-Priority: 1001

Package: glob-*
Pin: release a=oldstable-updates
Pin-Priority: 50

Package: down
Pin: release n=bookworm
Pin-Priority: 1001

Package: src:srcpkg
Pin: release a=oldstable-updates
Pin-Priority: -5

Explanation: a pin on all of a suite
Package: *
Pin: release o=Example
Pin-Priority: 400
`

func realTree(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("apt-get"); err != nil {
		t.Skip("no apt-get on this computer")
	}
	dir := t.TempDir()
	status, offers := "", map[string][]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(realOffers), "\n") {
		f := strings.Fields(line)
		stanza := fmt.Sprintf("Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: x <x@example.org>\nDescription: x\n", f[0], f[1])
		extra := strings.Join(f[3:], " ")
		if f[2] == "have" {
			want := "install"
			if extra != "" {
				want = extra
			}
			status += stanza + "Status: " + want + " ok installed\n\n"
			continue
		}
		if extra != "" {
			stanza += extra + "\n"
		}
		sum := sha256.Sum256([]byte(stanza))
		offers[f[2]] = append(offers[f[2]], fmt.Sprintf("%sFilename: pool/%s.deb\nSize: 1000\nSHA256: %x\n", stanza, f[0], sum))
	}
	for _, d := range []string{"var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg", "etc/apt/preferences.d", "etc/apt/apt.conf.d", "etc/apt/sources.list.d", "var/log/apt"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, d), 0o755))
	}
	var sources strings.Builder
	for name, s := range realSuites() {
		s.publish(t, dir, offers[name])
		fmt.Fprintf(&sources, "deb [trusted=yes] copy:%s/srv/%s %s main\n", dir, s.folder, s.name)
	}
	for name, text := range map[string]string{
		dpkgStatus: status, aptSources: sources.String(), aptPreferences: realPreferences, aptConf: "APT::Architectures { \"amd64\"; };\nAcquire::GzipIndexes \"true\";\n",
		"apt-test.conf": fmt.Sprintf("Dir %q;\nDir::State::status %q;\nAPT::Architecture \"amd64\";\nAPT::Sandbox::User \"root\";\n#clear DPkg::Pre-Install-Pkgs;\n", dir, dir+dpkgStatus),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

// TestAgainstRealApt asks this computer's own apt-get what it would do with a tree,
// and compares with what is read from the tree.
func TestAgainstRealApt(t *testing.T) {
	t.Parallel()
	dir := realTree(t)
	h, err := host.OpenTree(dir)
	require.NoError(t, err)
	defer func() { assert.NoError(t, h.Close()) }()
	h.Exec, h.Live = realApt{dir}, true
	live, err := newDebPackages(&Machine{Host: h}, Settings{Refresh: true}).Pending(context.Background())
	require.NoError(t, err)

	simulated, err := realApt{dir}.Run(context.Background(), host.Command{Name: "apt-get", Args: []string{"-s", "dist-upgrade"}})
	require.NoError(t, err)
	simulation, err := parseAptSimulation(simulated.Stdout)
	require.NoError(t, err)

	h.Live = false
	tree, err := newDebPackages(&Machine{Host: h}, Settings{}).Pending(context.Background())
	require.NoError(t, err)
	assert.Equal(t, describe(live.List), describe(tree.List), "live and --root say the same")

	var wouldInstall, wouldKeep []string
	for _, u := range tree.List {
		switch {
		case u.Pinned:
		case u.Held || u.KeptBack:
			wouldKeep = append(wouldKeep, u.Name)
		default:
			wouldInstall = append(wouldInstall, u.Name+" "+u.Candidate+" "+u.Source)
		}
	}
	var installs []string
	for _, i := range simulation.installs {
		if !i.downgrade() {
			installs = append(installs, i.name+" "+i.candidate+" "+strings.Join(i.origins, ", "))
		}
	}
	slices.Sort(installs)
	slices.Sort(simulation.keptBack)
	assert.Equal(t, sorted(installs), sorted(wouldInstall))
	assert.Equal(t, simulation.keptBack, sorted(wouldKeep))
	assert.Equal(t, []string{
		"behind 1.2 security", "both 1.1 security", "bpo-have 2.0~bpo", "epoch 1:1.0 security", "foreign 1.1", "held 1.1 security held",
		"inmain 1.0.1", "kept 1.1 security kept-back", "keptversion 1.1 kept-back", "kernel 1.1 security", "mod-security2 1.1", "needsheld 1.1 kept-back",
		"origin 1.1", "pinaway 1.1 security pinned", "pinversion 1.1 security pinned", "plain 1.1", "secure 1.1 security",
	}, sorted(describe(tree.List)))
}

// TestRealAptRefuses breaks a repository under real apt-get.
func TestRealAptRefuses(t *testing.T) {
	t.Parallel()
	dir := realTree(t)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "srv/debian-security/dists/bookworm-security/main")))
	h, err := host.OpenTree(dir)
	require.NoError(t, err)
	defer func() { assert.NoError(t, h.Close()) }()
	h.Exec, h.Live = realApt{dir}, true
	_, err = newDebPackages(&Machine{Host: h}, Settings{Refresh: true}).Pending(context.Background())
	require.ErrorIs(t, err, ErrRefresh)
	assert.ErrorContains(t, err, "debian-security bookworm-security")
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

func describe(list []Update) []string {
	var all []string
	for _, u := range list {
		text := u.Name + " " + u.Candidate
		for _, mark := range []struct {
			set  bool
			name string
		}{{u.Security, " security"}, {u.Held, " held"}, {u.KeptBack, " kept-back"}, {u.Pinned, " pinned"}, {u.Phased, " phased"}} {
			if mark.set {
				text += mark.name
			}
		}
		all = append(all, text)
	}
	return all
}
