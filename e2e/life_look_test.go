//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// looks are what is asked of a new droplet, beside its identities.
var looks = map[string]string{
	"password":    "cat /root/.one-click-password",
	"mode":        "stat -c %a /root/.one-click-password",
	"first boots": "wc -l </var/lib/one-click/first-boot",
	"cloud-init":  "cloud-init status",
	"datasource":  "cat /run/cloud-init/cloud-id",
	"failed":      "systemctl list-units --failed --no-legend",
	"firewall":    "ufw status",
	"sshd":        "sshd -T -C user=root,host=x,addr=127.0.0.1 | grep -i forcecommand",
	"keys":        "grep -c . /root/.ssh/authorized_keys",
	"units":       "systemctl is-active cron rsyslog ssh nginx ufw",
	"release":     "cat /var/lib/one-click/release",
}

// look waits for the droplet's first login, and then for the end of its first boot.
func (d *droplet) look() map[string]string {
	d.await()
	d.hold()
	seen := map[string]string{}
	said, err := d.run("cloud-init status --wait >/dev/null")
	seen["waited"] = said
	if err != nil {
		seen["waited"] += err.Error()
	}
	const next = "lab-next "
	var text strings.Builder
	for _, questions := range []map[string]string{looks, identities} {
		for what, command := range questions {
			fmt.Fprintf(&text, "echo '%s%s'\n{ %s; } || :\n", next, what, command)
		}
	}
	for _, answer := range strings.Split(d.must(text.String()), next)[1:] {
		what, found, _ := strings.Cut(answer, "\n")
		seen[what] = strings.TrimSpace(found)
	}
	seen["first login"] = d.login()
	seen["second login"] = d.login()
	return seen
}

// login is a login on a terminal, as a person does it.
func (d *droplet) login() string {
	c := exec.CommandContext(d.t.Context(), "ssh", d.sshArgs(alone, "-tt", "root@127.0.0.1")...)
	c.Stdin = strings.NewReader("exit\n")
	said, err := c.CombinedOutput()
	if err != nil {
		return err.Error() + string(said)
	}
	return string(said)
}

// judge looks at what a new droplet said.
func (l *life) judge(t *testing.T, d *droplet, seen map[string]string) {
	assert.Empty(t, seen["waited"])
	assert.Equal(t, "600", seen["mode"])
	assert.Equal(t, "1", seen["first boots"], "the first-boot script ran once")
	assert.Contains(t, seen["cloud-init"], "done")
	assert.Equal(t, "digitalocean", seen["datasource"])
	assert.Empty(t, seen["failed"], "units that failed")
	assert.Contains(t, seen["firewall"], "Status: active")
	assert.Equal(t, "forcecommand none", seen["sshd"])
	assert.Equal(t, "1", seen["keys"], "one key opens it")
	assert.Equal(t, strings.TrimSpace(running(5)), seen["units"])
	assert.Contains(t, seen["release"], "name=life")
	for _, login := range []string{"first login", "second login"} {
		assert.Contains(t, seen[login], "nginx answers on port 80", login)
	}
	assert.Contains(t, seen["first login"], "Welcome.")
	assert.NotContains(t, seen["second login"], "Welcome.", "it greets once")

	other := *d
	other.key = l.build.key
	_, err := output(d.dir, "ssh", other.sshArgs(alone, "root@127.0.0.1", "true")...)
	assert.ErrorContains(t, err, "255", "the build's key opens nothing")
	_, err = output(d.dir, "ssh", d.sshArgs(alone, "root@127.0.0.1", "true")...)
	assert.NoError(t, err, "its own does")

	page, code, err := d.page("", "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code)
	assert.Contains(t, page, "This is droplet "+strings.TrimPrefix(seen["host name"], "droplet-")+".")
	_, code, err = d.page("private/", "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, code)
	_, code, err = d.page("private/", seen["password"])
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code, "the password of this droplet")
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
		sources.WriteString("source \"null\" \"" + name + "\" {\n  ssh_host = \"127.0.0.1\"\n  ssh_port = " + l.build.port() +
			"\n  ssh_username = \"root\"\n  ssh_private_key_file = \"" + l.build.key + "\"\n}\n")
	}
	require.NoError(l.t, os.WriteFile(filepath.Join(dir, "sources.pkr.hcl"), []byte(sources.String()), 0o600))

	return packerDo(l.t, l.work, "build", "-only=null.debian", "-var", "app_name=life", "-var", "imgcheck="+filepath.Join(l.layer(), programPath), dir)
}

// holds returns what of the texts is found in the raw bytes of a file, sorted by name.
func holds(t testing.TB, file string, texts map[string]string) []string {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	const overlap = 4096 // a text may lie across two chunks
	found := map[string]bool{}
	r := bufio.NewReaderSize(f, 4<<20)
	for {
		chunk, err := r.Peek(4 << 20)
		for name, text := range texts {
			if bytes.Contains(chunk, []byte(text)) {
				found[name] = true
			}
		}
		if errors.Is(err, io.EOF) {
			return slices.Sorted(maps.Keys(found))
		}
		require.NoError(t, err)
		_, err = r.Discard(len(chunk) - overlap)
		require.NoError(t, err)
	}
}
