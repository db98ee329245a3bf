//go:build e2e

package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lifePackages are what the template installs on the droplet.
var lifePackages = []string{"nginx", "openssl"}

// lifeSetup makes a tree a droplet that nobody has touched yet: nothing of the template
// is on it, and no timer takes apt's locks.
const lifeSetup = `
rm -f /usr/local/bin/imgcheck /etc/update-motd.d/99-one-click
sed -i 's/^ENABLED=.*/ENABLED=no/' /etc/ufw/ufw.conf
systemctl -q mask apt-daily.timer apt-daily-upgrade.timer
systemctl -q disable firewalld ufw
`

// lifeUserData saves minutes of emulation: what it leaves out sets up what the image has.
const lifeUserData = "#cloud-config\nssh_genkeytypes: [ed25519]\ncloud_config_modules: []\n# %s\n"

// life is one image, from the build to the droplets that are made of it.
type life struct {
	t     *testing.T
	own   *tree
	disk  string
	work  string // where Packer runs, and leaves what it downloads
	build *droplet
	marks marks
	// ids are what no other machine may have, by what they are.
	ids   map[string]string
	since time.Time
}

// TestLifeOfADroplet builds an image by Packer and the template on an emulated droplet,
// searches its disk for what the build knew, and boots two droplets from it.
func TestLifeOfADroplet(t *testing.T) {
	l := newLife(t)
	l.build.boot(l.own, l.disk, true)
	l.build.await()
	l.build.hold()
	l.phase("the build droplet boots")
	for what, command := range identities {
		l.ids["the build's "+what] = l.build.must(command)
	}
	l.plant()
	l.phase("it is given secrets")
	l.dropped()
	l.phase("a clean whose connection drops")
	l.refused()
	l.phase("Packer, over what clean cannot mend")
	l.built()
	l.phase("Packer")
	l.build.powerOff()
	l.searched()
	l.phase("power-off, and the search of the disk")
	l.born()
	l.phase("two droplets")
}

func newLife(t *testing.T) *life {
	t.Helper()
	b, err := vmBase()
	require.NoError(t, err)
	l := &life{t: t, own: copyOf(t, b), work: t.TempDir(), disk: filepath.Join(t.TempDir(), "disk"), ids: map[string]string{}, since: time.Now()}
	l.own.plant(lifeSetup)
	require.NoError(t, command("/", "mke2fs", "-q", "-t", "ext4", "-d", l.own.root, l.disk, "2500M"))
	l.build = newDroplet(t, 1000, fmt.Sprintf(lifeUserData, markOf(l.disk, "user-data")))
	l.phase("a disk is made")
	return l
}

// phase notes how long what has just ended took.
func (l *life) phase(name string) {
	l.t.Logf("%4.0f s  %s", time.Since(l.since).Seconds(), name)
	l.since = time.Now()
}

// plant leaves on the build droplet what builds leave, each with a mark of its own.
func (l *life) plant() {
	l.marks = marks{}
	var text strings.Builder
	text.WriteString("set -eu\numask 077\n")
	for _, name := range []string{
		"/root/.bash_history", "/root/.ssh/known_hosts", "/tmp/token", "/var/tmp/.build/variables.json", "/var/log/app/app.log", "/var/log/app/app.log.1",
		"/var/backups/shadow.bak", "/var/mail/root", "/root/removed-key",
	} {
		l.marks[name] = markOf(l.disk, name)
		fmt.Fprintf(&text, "mkdir -p %s\nseq -f '%s %%g' 400 >%s\n", filepath.Dir(name), l.marks[name], name)
	}
	for _, name := range []string{"the journal", "user-data"} {
		l.marks[name] = markOf(l.disk, name)
	}
	l.marks["/root/.ssh/authorized_keys"] = markOf(l.build.dir, "key")
	fmt.Fprintf(&text, "logger -p auth.info %s\nsync\nrm /root/removed-key\n", l.marks["the journal"])
	l.build.must(text.String())
}

// identities are what makes a machine the one that it is.
var identities = map[string]string{
	"machine-id": "cat /etc/machine-id",
	"host key":   "cut -d ' ' -f 2 /etc/ssh/ssh_host_ed25519_key.pub",
	"host name":  "hostname",
}

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
	listed, err := output("/", filepath.Join(l.layer(), programPath), "list", "checks")
	require.NoError(l.t, err)
	assert.Len(l.t, out.statuses(), strings.Count(listed, "\n")-1, "every check looked")
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

// searched looks into the raw bytes of the disk.
func (l *life) searched() {
	assert.Empty(l.t, l.marks.left(l.t, l.disk), "secrets of the build")
	assert.Empty(l.t, holds(l.t, l.disk, map[string]string{"the build's host key": l.ids["the build's host key"]}))
}

// born boots two droplets at once from the image.
func (l *life) born() {
	var clones []*droplet
	for i := range 2 {
		d := newDroplet(l.t, 2000+i, fmt.Sprintf(lifeUserData, "a droplet"))
		d.boot(l.own, l.disk, false)
		clones = append(clones, d)
	}
	var wait sync.WaitGroup
	seen := make([]map[string]string, len(clones))
	for i, d := range clones {
		wait.Go(func() { seen[i] = d.look() })
	}
	wait.Wait()
	for i, d := range clones {
		l.t.Run(fmt.Sprintf("droplet %d", d.id), func(t *testing.T) { l.judge(t, d, seen[i]) })
		for what := range identities {
			l.unique(fmt.Sprintf("droplet %d's %s", d.id, what), seen[i][what])
		}
		l.unique(fmt.Sprintf("droplet %d's password", d.id), seen[i]["password"])
	}
}

// unique fails where another machine has the same.
func (l *life) unique(what, value string) {
	for other, had := range l.ids {
		assert.NotEqual(l.t, had, value, "%s is %s", what, other)
	}
	assert.NotEmpty(l.t, value, what)
	l.ids[what] = value
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
