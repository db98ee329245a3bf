//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dropped has the network fail in the middle of a clean.
func (l *life) dropped() {
	layer, err := binary()
	require.NoError(l.t, err)
	program, err := os.ReadFile(filepath.Join(layer, programPath))
	require.NoError(l.t, err)
	l.build.put("/run/imgcheck-dropped", string(program))
	writers := "systemctl is-active cron rsyslog || :"
	before := l.build.must(writers)
	require.Contains(l.t, before, "active")
	l.build.must("chmod 700 /run/imgcheck-dropped")
	l.build.drop("mount -o remount,exec /run; exec /run/imgcheck-dropped clean --yes --no-upgrade", func() bool {
		return l.build.must(writers) != before // it is at work, and has stopped them
	})
	assert.Eventually(l.t, func() bool { return l.build.must("pgrep -x imgcheck-droppe || :") == "" }, time.Minute, time.Second, "it ends")
	assert.Equal(l.t, before, l.build.must(writers), "what was stopped runs again")
	assert.Empty(l.t, l.build.must("systemctl list-units --failed --no-legend"))
	l.build.must("rm /run/imgcheck-dropped")
}

// refused has Packer build an image with a credential in it, that only a person can judge.
func (l *life) refused() {
	l.build.must("mkdir -p /root/.aws; printf '[default]\naws_access_key_id = AKIA%s\naws_secret_access_key = %s\n' ABCDEFGHIJKLMNOP " +
		"$(head -c 30 /dev/urandom | base64) >/root/.aws/credentials")
	l.admit()
	said, err := l.packer()
	require.Error(l.t, err, "the gate is shut: %s", said)
	assert.Contains(l.t, said, "[FAIL] credentials")
	assert.NoFileExists(l.t, filepath.Join(l.work, "manifest-debian.json"))
	report, err := os.ReadFile(filepath.Join(l.work, "report-debian.json"))
	require.NoError(l.t, err, "a refusal has its report")
	assert.Contains(l.t, string(report), `"verdict": "fail"`)
	l.build.must("rm -r /root/.aws")
}

// built has Packer build the image, and reads the report that it brought.
func (l *life) built() {
	l.plant() // the clean before has removed them
	l.admit()
	said, err := l.packer()
	require.NoError(l.t, err, said)
	data, err := os.ReadFile(filepath.Join(l.work, "report-debian.json"))
	require.NoError(l.t, err)
	out := &outcome{stdout: string(data)}
	out.read(l.t, l.own.keys)
	assert.Equal(l.t, "live", out.report.Mode)
	for id, status := range out.statuses() {
		assert.Contains(l.t, []string{"pass", "warn"}, status, "%s: %s", id, out.said(id))
	}
	listed, err := output("/", filepath.Join(l.layer(), programPath), "list", "checks", "--format", "json")
	require.NoError(l.t, err)
	var checks []struct{ ID string }
	require.NoError(l.t, json.Unmarshal([]byte(listed), &checks))
	assert.Len(l.t, out.statuses(), len(checks), "every check looked")
	var clean struct {
		Command, Verdict string
		Sealed           bool
		Steps            []struct{ ID, Status, Error string }
		Actions          []struct{ Step, Path, Status, Error string }
	}
	require.NoError(l.t, json.Unmarshal(data, &clean))
	assert.Equal(l.t, "clean", clean.Command)
	assert.True(l.t, clean.Sealed)
	assert.Greater(l.t, len(clean.Steps), 20)
	for _, s := range clean.Steps {
		assert.NotEqual(l.t, "failed", s.Status, "%+v", s)
		assert.Empty(l.t, s.Error, "%+v", s)
	}
	for _, a := range clean.Actions {
		assert.NotEqual(l.t, "failed", a.Status, "%+v", a)
	}
	l.t.Logf("the verdict: %s", clean.Verdict)
	assert.FileExists(l.t, filepath.Join(l.work, "manifest-debian.json"))
	assert.Equal(l.t, "", l.build.must("ls /usr/local/bin/imgcheck 2>/dev/null || :"), "the program is gone")
}

// put writes a file on the droplet.
func (d *droplet) put(name, text string) {
	d.t.Helper()
	c := exec.CommandContext(d.t.Context(), "ssh", d.sshArgs(d.file("master"), "root@127.0.0.1", "cat >"+name)...)
	c.Stdin = strings.NewReader(text)
	said, err := c.CombinedOutput()
	require.NoError(d.t, err, string(said))
}

// drop runs a shell text over a connection of its own, and cuts that off when it is time.
func (d *droplet) drop(text string, isTime func() bool) {
	d.t.Helper()
	ctx, cut := context.WithCancel(d.t.Context())
	defer cut()
	c := exec.CommandContext(ctx, "ssh", d.sshArgs(alone, "-tt", "root@127.0.0.1", text)...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	require.NoError(d.t, c.Start())
	require.Eventually(d.t, isTime, time.Minute, 200*time.Millisecond, "it does not begin")
	cut()
	var failure *exec.ExitError
	require.ErrorAs(d.t, c.Wait(), &failure, "it was over before: %s", said.String())
}

// admit lets the build's key in again, which a clean has taken away.
func (l *life) admit() {
	key, err := os.ReadFile(l.build.key + ".pub")
	require.NoError(l.t, err)
	l.build.put("/root/.ssh/authorized_keys", string(key))
}

func (l *life) layer() string {
	layer, err := binary()
	require.NoError(l.t, err)
	return layer
}

// packer builds by the template as it is shipped, on the build droplet in the place of one
// that DigitalOcean makes.
func (l *life) packer() (string, error) {
	dir := filepath.Join(l.t.TempDir(), "packer")
	require.NoError(l.t, os.CopyFS(dir, os.DirFS("../packer")))
	const shipped = "source.digitalocean."
	build := filepath.Join(dir, "build.pkr.hcl")
	text, err := os.ReadFile(build)
	require.NoError(l.t, err)
	require.Equal(l.t, 3, strings.Count(string(text), shipped))
	require.NoError(l.t, os.WriteFile(build, bytes.ReplaceAll(text, []byte(shipped), []byte("source.null.")), 0o600))
	var sources strings.Builder
	for _, name := range []string{"ubuntu", "debian", "rocky"} {
		sources.WriteString("source \"null\" \"" + name + "\" {\n  ssh_host = \"127.0.0.1\"\n  ssh_port = " + fmt.Sprint(l.build.ssh) +
			"\n  ssh_username = \"root\"\n  ssh_private_key_file = \"" + l.build.key + "\"\n}\n")
	}
	require.NoError(l.t, os.WriteFile(filepath.Join(dir, "sources.pkr.hcl"), []byte(sources.String()), 0o600))

	return packerDo(l.t, l.work, "build", "-only=null.debian", "-var", "app_name=life", "-var", "imgcheck="+filepath.Join(l.layer(), programPath), dir)
}
