package distro

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

func removes(lines string) host.Output {
	return says(0, "Reading package lists...\n0 upgraded, 0 newly installed, 9 to remove and 0 not upgraded.\n"+lines, "")
}

// debian is a live Debian machine whose dpkg knows these packages, as NAME STATE.
func debian(t *testing.T, play *rpmScript, overlay string, packages ...string) *Machine {
	t.Helper()
	status := "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"
	for _, p := range packages {
		name, state, _ := strings.Cut(p, " ")
		status += "Package: " + name + "\nStatus: install ok " + state + "\nArchitecture: amd64\nVersion: 1\n\n"
	}
	m := treeMachine(t, "-- etc/os-release --\nID=debian\nVERSION_ID=12\n-- var/lib/dpkg/status --\n"+status+overlay)
	m.Live, m.Exec = true, play
	m.Facts.Kernel = func(context.Context) (string, error) { return "6.1.0-17-amd64", nil }
	return m
}

func argv(calls []*Call) []string {
	var all []string
	for _, c := range calls {
		all = append(all, strings.Join(c.Argv, " "))
	}
	return all
}

func TestUpgrade(t *testing.T) {
	t.Parallel()
	const update = "apt-get -o APT::Update::Error-Mode=any update"
	const upgrade = "apt-get -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 dist-upgrade"
	const repair = "dpkg --force-confdef --force-confold --configure -a"
	const dnf = "dnf -y --setopt=exit_on_lock=1 --setopt=*.skip_if_unavailable=0 "
	const yum = "yum -y --setopt=exit_on_lock=1 --setopt=*.skip_if_unavailable=0 "
	rpms := func(name string) *Machine { return rpmMachine(t, true, &rpmScript{programs: []string{name}}, nil) }
	for name, row := range map[string]struct {
		m       *Machine
		refresh bool
		want    []string
	}{
		"apt":                  {debian(t, nil, ""), true, []string{update, upgrade}},
		"apt, no refresh":      {debian(t, nil, ""), false, []string{upgrade}},
		"unpacked only":        {debian(t, nil, "", "lab-web unpacked"), true, []string{repair, update, upgrade}},
		"waits for a trigger":  {debian(t, nil, "", "lab-web triggers-pending"), false, []string{repair, upgrade}},
		"dpkg was interrupted": {debian(t, nil, "-- var/lib/dpkg/updates/0001 --\n"), false, []string{repair, upgrade}},
		"half installed":       {debian(t, nil, "", "lab-web half-installed"), false, []string{upgrade}},
		"dnf":                  {rpms("dnf"), true, []string{dnf + "--refresh makecache", dnf + "upgrade"}},
		"dnf, no refresh":      {rpms("dnf"), false, []string{dnf + "--setopt=*.metadata_expire=never upgrade"}},
		"yum":                  {rpms("yum"), true, []string{yum + "clean expire-cache", yum + "update"}},
	} {
		calls, err := row.m.Upgrade(t.Context(), row.refresh)
		require.NoError(t, err, name)
		assert.Equal(t, row.want, argv(calls), name)
		for _, c := range calls {
			assert.True(t, c.Locks && c.Vital && c.Why != "", "%s: %v", name, c.Argv)
			for _, word := range []string{"--force-yes", "--allow", "--force-all", "downgrade"} {
				assert.NotContains(t, c.String(), word, name)
			}
		}
	}
	_, err := treeMachine(t, "-- etc/os-release --\nID=alpine\n").Upgrade(t.Context(), true)
	require.ErrorIs(t, err, ErrNoManager)
	_, err = rpms("").Upgrade(t.Context(), true)
	require.ErrorIs(t, err, host.ErrNoProgram)
	_, err = debian(t, nil, "-- var/lib/dpkg/status --\ngarbage\n").Upgrade(t.Context(), true)
	require.Error(t, err)
}

func TestAgentsDeb(t *testing.T) {
	t.Parallel()
	play := &rpmScript{answers: []rpmAnswer{{words: "apt-get -s purge do-agent droplet-agent droplet-agent-keyring", out: removes(
		"Purg do-agent [1]\nPurg droplet-agent [1]\nPurg droplet-agent-keyring [1]\n")}}}
	m := debian(t, play, "", "do-agent config-files", "droplet-agent installed", "droplet-agent-keyring installed", "droplet-agent-of-mine installed")
	r, err := m.Agents(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"do-agent", "droplet-agent", "droplet-agent-keyring"}, r.Packages)
	assert.True(t, strings.HasSuffix(r.Call.String(), " purge do-agent droplet-agent droplet-agent-keyring"), r.Call)

	r, err = debian(t, &rpmScript{}, "", "do-agent not-installed").Agents(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r)

	play = &rpmScript{answers: []rpmAnswer{{words: "purge do-agent", out: removes("Purg my-app [1]\nPurg do-agent [1]\n")}}}
	_, err = debian(t, play, "", "do-agent installed", "my-app installed").Agents(t.Context())
	require.ErrorIs(t, err, ErrTakesMore)
	require.ErrorContains(t, err, ": my-app")

	for name, out := range map[string]host.Output{
		"fails":            says(100, "", "E: Unmet dependencies.\n"),
		"has no summary":   says(0, "Purg do-agent [1]\n", ""),
		"nothing was said": says(0, "", ""),
	} {
		_, err = debian(t, &rpmScript{answers: []rpmAnswer{{words: "purge", out: out}}}, "", "do-agent installed").Agents(t.Context())
		require.Error(t, err, name)
	}
}

func TestAgentsRPM(t *testing.T) {
	t.Parallel()
	installed := rpmAnswer{words: "rpm -qa", out: says(0, rpmLine("bash", "(none)", "5", "1", "x86_64", "R")+rpmLine("droplet-agent", "(none)", "1", "1", "x86_64", "D"), "")}
	play := &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{installed, {words: "rpm -e --test -- droplet-agent"}}}
	r, err := rpmMachine(t, true, play, nil).Agents(t.Context())
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(r.Call.String(), " --setopt=clean_requirements_on_remove=0 remove droplet-agent"), r.Call)

	play.answers[1].out = says(1, "", "error: Failed dependencies:\n\tdroplet-agent is needed by (installed) my-app-1-1.x86_64\n")
	_, err = rpmMachine(t, true, play, nil).Agents(t.Context())
	require.ErrorIs(t, err, ErrTakesMore)
	require.ErrorContains(t, err, "my-app-1-1.x86_64")

	r, err = rpmMachine(t, true, &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{bashInstalled}}, nil).Agents(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r)
}
