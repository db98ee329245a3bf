//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
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

// page returns a page of the droplet.
func (d *droplet) page(name, password string) (string, int, error) {
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/%s", d.web, name), nil)
	if err != nil {
		return "", 0, err
	}
	if password != "" {
		request.SetBasicAuth("admin", password)
	}
	client := &http.Client{Timeout: 30 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		return "", 0, err
	}
	text, err := io.ReadAll(answer.Body)
	return string(text), answer.StatusCode, errors.Join(err, answer.Body.Close())
}
