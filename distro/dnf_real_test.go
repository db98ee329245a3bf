package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// inRoot runs real dnf and rpm over an installation root, as if it were the machine.
type inRoot struct {
	host.Runner
	dir, database string
}

func (r inRoot) Run(ctx context.Context, cmd host.Command) (host.Output, error) {
	switch cmd.Name {
	case "rpm":
		cmd.Args = append([]string{"--dbpath", r.database}, cmd.Args...)
	case "dnf":
		cmd.Args = append([]string{
			"--installroot=" + r.dir, "--releasever=9", "--config=" + r.dir + "/etc/dnf/dnf.conf",
			"--setopt=reposdir=" + r.dir + "/etc/yum.repos.d", "--setopt=cachedir=/var/cache/dnf",
		}, cmd.Args...)
	}
	return r.Runner.Run(ctx, cmd)
}

// dnfLab is a tree that real dnf takes for a machine, with repositories beside it.
type dnfLab struct {
	t       *testing.T
	dir     string
	machine *Machine
}

func newDnfLab(t *testing.T) dnfLab {
	t.Helper()
	for _, program := range []string{"dnf", "rpm", "rpmbuild", "createrepo_c", "modifyrepo_c"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no %s on this computer", program)
		}
	}
	if !host.Privileged() {
		t.Skip("dnf with an installation root needs root")
	}
	m := rpmMachine(t, true, &rpmScript{programs: []string{"dnf"}}, map[string]string{
		"etc/dnf/dnf.conf": "[main]\ngpgcheck=0\n", "etc/yum.repos.d/x": "", "var/log/x": "",
	})
	dir := m.Root.Dir()
	path, err := exec.Command("env", "HOME=/root", "rpm", "--eval", "%{_dbpath}").Output()
	require.NoError(t, err)
	tree, err := host.OpenTree(dir)
	require.NoError(t, err)
	m.Exec = inRoot{tree.Local, dir, filepath.Join(dir, strings.TrimSpace(string(path)))}
	t.Cleanup(func() { require.NoError(t, tree.Close()) })
	return dnfLab{t, dir, m}
}

// pack builds tiny packages, written "name-version", into a folder.
func (l dnfLab) pack(folder string, names ...string) {
	l.t.Helper()
	for _, name := range names {
		name, version, _ := strings.Cut(name, "-")
		spec := filepath.Join(l.t.TempDir(), "x.spec")
		plantFile(l.t, spec, fmt.Sprintf("Name: %s\nVersion: %s\nRelease: 1.el9\nEpoch: 1\nSummary: x\nLicense: BSD\nBuildArch: noarch\n%%description\nx\n%%files\n", name, version))
		l.command("rpmbuild", "-bb", "--quiet", "--define", "_topdir "+filepath.Dir(spec), "--define", "_rpmdir "+folder, spec)
	}
}

func (l dnfLab) command(name string, args ...string) {
	l.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(l.t, err, "%s: %s", name, out)
}

// repository indexes a folder of packages and makes the machine use it.
func (l dnfLab) repository(id, folder, updateinfo, options string) {
	l.t.Helper()
	l.command("createrepo_c", "--quiet", folder)
	if updateinfo != "" {
		file := filepath.Join(l.t.TempDir(), "updateinfo.xml")
		plantFile(l.t, file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<updates>"+updateinfo+"</updates>\n")
		l.command("modifyrepo_c", file, filepath.Join(folder, "repodata"))
	}
	plantFile(l.t, filepath.Join(l.dir, "etc/yum.repos.d", id+".repo"),
		"["+id+"]\nname="+id+"\nbaseurl=file://"+folder+"\nenabled=1\n"+options)
}

func (l dnfLab) install(folder string) {
	l.t.Helper()
	packages, err := filepath.Glob(filepath.Join(folder, "noarch/*.rpm"))
	require.NoError(l.t, err)
	out, err := l.machine.Exec.Run(context.Background(), host.Command{
		Name: "rpm", Args: append([]string{"-U", "--replacepkgs", "--justdb", "--nodeps", "--nosignature", "--noplugins"}, packages...),
	})
	require.NoError(l.t, err)
	require.Zero(l.t, out.ExitCode, "%s", out.Stderr)
}

func (l dnfLab) pending(s Settings) (Updates, error) {
	l.machine.Packages = remember(newRPMPackages(l.machine, s))
	return l.machine.Packages.Pending(context.Background())
}

func notice(id, kind, severity, name, version string) string {
	return fmt.Sprintf(`<update from="x" status="final" type="%s" version="1"><id>%s</id><title>x</title><severity>%s</severity>
<issued date="2026-01-01 00:00:00"/><updated date="2026-01-01 00:00:00"/><description>x</description><pkglist><collection short="b"><name>b</name>
<package name="%s" version="%s" release="1.el9" epoch="1" arch="noarch" src="x"><filename>%s-%s-1.el9.noarch.rpm</filename></package>
</collection></pkglist></update>`, kind, id, severity, name, version, name, version)
}

// TestDnfReal holds a conversation with the dnf of this computer.
func TestDnfReal(t *testing.T) {
	l := newDnfLab(t)
	old, base, third := t.TempDir(), t.TempDir(), t.TempDir()
	l.pack(old, "setup-1.0", "bash-1.0", "openssl-1.0", "pinned-1.0", "ranked-1.0")
	l.pack(base, "setup-1.0", "bash-2.0", "openssl-1.5", "openssl-2.0", "pinned-2.0", "ranked-2.0")
	l.pack(third, "ranked-1.0")
	l.install(old)
	long := strings.Repeat("a-very-long-name-", 5) + "indeed" // breaks lines
	l.repository(long, base, "", "")
	l.repository("baseos", base, notice("RLSA-1", "security", "Important", "openssl", "1.5")+notice("RLBA-2", "bugfix", "", "openssl", "2.0")+
		notice("RLSA-3", "security", "Low", "ranked", "2.0")+notice("RLSA-4", "security", "", "setup", "1.0")+
		notice("RLSA-5", "security", "Critical", "pinned", "2.0"), "excludepkgs=pinned\n")
	l.repository("third", third, "", "priority=1\n")

	start := time.Now()
	updates, err := l.pending(Settings{Refresh: true})
	require.NoError(t, err)
	t.Logf("three runs of dnf: %v", time.Since(start))
	assert.True(t, updates.Refreshed && updates.Advisories)
	want := []Update{
		{Name: "bash"},
		{Name: "openssl", Security: true, Advisory: "RLSA-1", Severity: "Important"},
		{Name: "pinned", Security: true, Advisory: "RLSA-5", Severity: "Critical"},
		{Name: "ranked", Security: true, Advisory: "RLSA-3", Severity: "Low", Pinned: true},
	}
	for i := range want {
		want[i].Arch, want[i].Installed, want[i].Candidate = "noarch", "1:1.0-1.el9", "1:2.0-1.el9"
		want[i].Source = long
	}
	assert.Equal(t, want, updates.List)

	// Only one repository has what the exclude hides, now.
	require.NoError(t, os.Remove(filepath.Join(l.dir, "etc/yum.repos.d", long+".repo")))
	updates, err = l.pending(Settings{Refresh: true})
	require.NoError(t, err)
	assert.True(t, updates.List[2].Pinned, "%+v", updates.List[2])
	assert.Equal(t, "baseos", updates.List[2].Source)

	l.mendAndBreak(base)
	require.NoError(t, filepath.WalkDir(filepath.Join(l.dir, "var/log"), func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "x" {
			err = errors.New("written: " + name)
		}
		return err
	}))
}

func (l dnfLab) mendAndBreak(base string) {
	t := l.t
	repo := func(id, text string) { plantFile(t, filepath.Join(l.dir, "etc/yum.repos.d", id+".repo"), text) }

	repo("dead", "[dead]\nname=dead\nbaseurl=file:///nonexistent\nenabled=1\nskip_if_unavailable=1\n")
	_, err := l.pending(Settings{Refresh: true})
	require.ErrorIs(t, err, ErrRefresh)
	require.ErrorContains(t, err, "'dead'")
	_, err = l.pending(Settings{})
	require.ErrorIs(t, err, errNoCache)

	repo("dead", "no repository file\n")
	_, err = l.pending(Settings{Refresh: true})
	require.ErrorIs(t, err, ErrRefresh)
	require.ErrorContains(t, err, "dead.repo")

	repo("dead", "[signed]\nname=signed\nbaseurl=file://"+base+"\nenabled=1\nrepo_gpgcheck=1\n")
	_, err = l.pending(Settings{Refresh: true})
	require.ErrorIs(t, err, ErrRefresh)
	require.ErrorContains(t, err, "GPG")

	require.NoError(t, os.Remove(filepath.Join(l.dir, "etc/yum.repos.d/dead.repo")))
	l.install(base)
	updates, err := l.pending(Settings{Refresh: true})
	require.NoError(t, err)
	assert.Equal(t, Updates{Refreshed: true, Advisories: true}, updates)
	problems, err := l.machine.Packages.Problems(context.Background())
	require.NoError(t, err)
	assert.Empty(t, problems)

	for _, id := range []string{"baseos", "third"} {
		require.NoError(t, os.Remove(filepath.Join(l.dir, "etc/yum.repos.d", id+".repo")))
	}
	_, err = l.pending(Settings{Refresh: true})
	require.ErrorIs(t, err, ErrNoSource)
}
