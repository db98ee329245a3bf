//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
