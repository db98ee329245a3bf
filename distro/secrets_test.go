package distro

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/ulikunitz/xz"
)

const accountsOverlay = `
-- etc/passwd --
root:x:0:0::/root:/bin/sh
daemon:x:1:1::/usr/sbin:/bin/sh
www-data:x:33:33::/var/lib/web:/bin/sh
app:x:1000:1000::/var/lib/app:/bin/sh
all:x:1001:1001::/:/bin/sh
`

func shownSecrets(found []Secret) []string {
	var shown []string
	for _, s := range found {
		shown = append(shown, fmt.Sprintf("%s:%d %s %d %v", s.Path, s.Line, s.Kind, s.Places, s.Shared))
	}
	return shown
}

func TestWhereSecretsAreSearched(t *testing.T) {
	token := "\n{{token github}}\n"
	m := treeMachine(t, accountsOverlay+
		"-- root/app/.env --"+token+"-- home/gone/notes.txt --"+token+"-- etc/app/config --"+token+"-- usr/local/etc/x --"+token+
		"-- usr/local/bin/run --"+token+"-- var/lib/cloud/scripts/per-instance/1 --"+token+"-- srv/a --"+token+"-- var/www/html/b --"+token+
		"-- opt/deep/er/c --"+token+"-- var/lib/app/person --"+token+"-- var/lib/web/.config --"+token+"-- .env --"+token+
		// and where not
		"-- var/lib/web/data --"+token+"-- usr/sbin/x --"+token+"-- usr/share/doc/x --"+token+"-- var/cache/x --"+token+
		"-- srv/node_modules/p/README --"+token+"-- opt/venv/lib/python3/site-packages/x --"+token+"-- root/.cache/x --"+token+
		"-- root/.ssh/config --"+token+"-- srv/.git/objects/aa/x --"+token+"-- srv/.git/config --"+token)
	found, err := m.Secrets(t.Context())
	require.NoError(t, err)
	var paths []string
	for _, s := range found.Found {
		paths = append(paths, s.Path)
		assert.Equal(t, "GitHub token", s.Kind)
		assert.Equal(t, 1, s.Line)
	}
	assert.Equal(t, []string{
		"/.env", "/etc/app/config", "/home/gone/notes.txt", "/opt/deep/er/c", "/root/app/.env", "/srv/.git/config", "/srv/a", "/usr/local/bin/run",
		"/usr/local/etc/x", "/var/lib/app/person", "/var/lib/cloud/scripts/per-instance/1", "/var/lib/web/.config", "/var/www/html/b",
	}, paths)
	assert.Empty(t, found.Mounted)
}

func TestWhatIsSearchedOfAFile(t *testing.T) {
	m := treeMachine(t, accountsOverlay+
		"-- srv/head --\n{{bytes 1048000}}\n{{token aws}}\n-- srv/tail --\n{{bytes 1048600}}\n{{token aws}}\n"+
		"-- srv/binary --\nELF\x00\n{{token aws}}\n-- srv/fifo fifo --\n-- srv/socket socket --\n-- srv/link link=/usr/share/x --\n-- usr/share/x --\n{{token aws}}\n"+
		"-- srv/loop link=loop --\n-- srv/out link=../../../../etc/hostname --\n-- srv/small --\nAKIA\n")
	wide := []byte("\xff\xfe")
	for _, c := range []byte("\nkey=AKIA" + made(16, base32) + "\n") {
		wide = append(wide, c, 0)
	}
	require.NoError(t, os.WriteFile(filepath.Join(m.Root.Dir(), "srv/wide"), wide, 0o600))
	found, err := m.Secrets(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"/srv/head:2 AWS access key 1 false", "/srv/wide:2 AWS access key 1 false"}, shownSecrets(found.Found))
}

func TestSecretsAreFoundOnce(t *testing.T) {
	m := treeMachine(t, accountsOverlay+"-- etc/passwd append --\nweb:x:1002:1002::/srv/web:/bin/sh\nold:x:1003:1003::/home/old:/bin/sh\n"+
		"-- srv/web/.npmrc --\n//registry.npmjs.org/:_authToken={{token github}}\n-- home/old link=/srv/web --\n-- var/www link=/srv --\n"+
		"-- etc/ssh/ssh_host_rsa_key --\n{{private-key rsa}}\n-- etc/ssl/private/x.key --\n{{private-key pkcs8}}\n{{private-key ec}}\n")
	found, err := m.Secrets(t.Context())
	require.NoError(t, err)
	require.Len(t, found.Found, 3, shownSecrets(found.Found))
	shown := shownSecrets(found.Found)
	assert.Equal(t, "/etc/ssl/private/x.key:1 PKCS#8 private key 1 true", shown[0])
	assert.Contains(t, shown[1], "PEM EC private key 1 true")
	assert.Equal(t, "/home/old/.npmrc:1 npm login 1 false", shown[2])
}

func TestSearchEnds(t *testing.T) {
	m := treeMachine(t, accountsOverlay+"-- root/1 --\n{{bytes 100}}\n-- root/2 --\n{{bytes 100}}\n-- root/3 --\n{{token aws}} {{bytes 100}}\n")
	_, err := m.findSecrets(t.Context(), searchLimits{files: 2, bytes: 1 << 20})
	assert.ErrorContains(t, err, "there is more than is searched: it ended before /root/3")
	_, err = m.findSecrets(t.Context(), searchLimits{files: 10, bytes: 150})
	assert.ErrorIs(t, err, errSearchEnded)
	found, err := m.findSecrets(t.Context(), searchLimits{files: 4, bytes: 1 << 20})
	assert.NoError(t, err)
	assert.Len(t, found.Found, 1)
}

func TestSecretsThatCannotBeLookedAt(t *testing.T) {
	for overlay, want := range map[string]string{
		"-- root/.docker/config.json --\n{\n":    "/root/.docker/config.json: is not JSON",
		"-- root/.kube/config --\na: [\n":        "/root/.kube/config: is not YAML",
		"-- root/.netrc link=.netrc --\n":        "/root/.netrc",
		"-- root/.my.cnf size=2M --\n":           "file too large",
		"-- etc/passwd removed --\n":             "reading the accounts",
		"-- home link=home --\n":                 "/home",
		"-- etc/passwd --\nroot:x:0:0::/root:\n": "",
	} {
		_, err := treeMachine(t, accountsOverlay+overlay).Secrets(t.Context())
		if want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, want, overlay)
	}
}

// layArchive lays an archive of a text into the tree.
func layArchive(t *testing.T, m *Machine, name, text string) {
	t.Helper()
	var out bytes.Buffer
	var err error
	switch filepath.Ext(name) {
	case ".xz":
		w, failed := xz.NewWriter(&out)
		require.NoError(t, failed)
		_, err = w.Write([]byte(text))
		require.NoError(t, w.Close())
	case ".zst":
		w, failed := zstd.NewWriter(&out)
		require.NoError(t, failed)
		_, err = w.Write([]byte(text))
		require.NoError(t, w.Close())
	default:
		w := gzip.NewWriter(&out)
		_, err = w.Write([]byte(text))
		require.NoError(t, w.Close())
	}
	require.NoError(t, err)
	file := filepath.Join(m.Root.Dir(), name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, out.Bytes(), 0o600))
}

func TestLogSecrets(t *testing.T) {
	m := treeMachine(t, accountsOverlay+"-- var/log/app/install.log --\nfirst\n{{token do}}\n{{token do}}\n{{private-key openssh}}\n"+
		"-- var/log/cloud-init-output.log --\nSHA256:{{bytes 43}} root@host (ED25519)\n{{ed25519-public root@host}}\n-----BEGIN SSH HOST KEY FINGERPRINTS-----\n"+
		"-- var/log/journal/x/system.journal --\n\x00\x01{{token aws}}\x00\n-- var/log/cpanel-install.log --\n{{token aws}}\n-- var/log/wtmp --\n{{token aws}} {{bytes 50}}\n"+
		"-- etc/cloud/cloud.cfg --\noutput: {init: {output: '> /srv/out.log'}, all: '| tee -a /root/all.log', x: ['>>/dev/null', '>/gone']}\ndef_log_file: /srv/def.log\n"+
		"-- srv/out.log --\n{{token gitlab}}\n-- root/all.log --\n{{token slack}}\n-- srv/def.log --\n{{token aws}}\n-- var/log/fifo.log fifo --\n"+
		"-- var/log/small.log --\n{{bytes 40}}\n-- var/log/link.log link=/srv/elsewhere --\n-- srv/elsewhere --\n{{token aws}}\n-- var/log/not.gz --\n{{token github}}\n")
	token := "one\nghp_" + made(36, alphanumeric) + "\n"
	for _, ending := range []string{".gz", ".xz", ".zst"} {
		layArchive(t, m, "var/log/old/app.log.1"+ending, strings.Repeat("a line\n", 100_000)+token)
	}
	layArchive(t, m, "var/log/misnamed.log", token)
	found, err := m.LogSecrets(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"/root/all.log:1 Slack token 1 false",
		"/srv/def.log:1 AWS access key 1 false",
		"/srv/out.log:1 GitLab token 1 false",
		"/var/log/app/install.log:2 DigitalOcean token 2 false",
		"/var/log/app/install.log:4 OpenSSH private key 1 true",
		"/var/log/cpanel-install.log:1 AWS access key 1 false",
		"/var/log/journal/x/system.journal:0 AWS access key 1 false",
		"/var/log/misnamed.log:2 GitHub token 1 false",
		"/var/log/not.gz:1 GitHub token 1 false",
		"/var/log/old/app.log.1.gz:100002 GitHub token 1 false",
		"/var/log/old/app.log.1.xz:100002 GitHub token 1 false",
		"/var/log/old/app.log.1.zst:100002 GitHub token 1 false",
	}, shownSecrets(found))
}

func TestLogSearchEnds(t *testing.T) {
	m := treeMachine(t, "-- var/log/1.log --\n{{bytes 1000}}\n-- var/log/2.log --\n{{bytes 1000}}\n")
	layArchive(t, m, "var/log/3.log.gz", strings.Repeat("0", 1<<20))
	limits := func(change func(*logLimits)) error {
		left := usualLogLimits()
		change(&left)
		_, err := m.searchLogs(t.Context(), left)
		return err
	}
	assert.NoError(t, limits(func(*logLimits) {}))
	assert.ErrorContains(t, limits(func(l *logLimits) { l.read = 500 }), "it ended 500 bytes into /var/log/1.log")
	assert.ErrorContains(t, limits(func(l *logLimits) { l.read = 500 }), "it ended before /var/log/2.log")
	assert.ErrorContains(t, limits(func(l *logLimits) { l.archive = 1000 }), "it ended 1000 bytes into /var/log/3.log.gz")
	assert.ErrorIs(t, limits(func(l *logLimits) { l.unpacked = 1000 }), errSearchEnded)
}

func TestLogsThatCannotBeSearched(t *testing.T) {
	m := treeMachine(t, "-- var/log/zero.log size=1G --\n")
	found, err := m.LogSecrets(t.Context())
	assert.NoError(t, err, "a hole of 1 GiB is read to its end")
	assert.Empty(t, found)

	layArchive(t, m, "var/log/cut.gz", strings.Repeat("ghp_"+made(36, alphanumeric)+" ", 5000))
	file := filepath.Join(m.Root.Dir(), "var/log/cut.gz")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, data[:len(data)-20], 0o600))
	fresh := treeMachine(t, "-- var/log/x --\n")
	_, err = fresh.LogSecrets(t.Context())
	assert.NoError(t, err)
	m.logs = memo[Logs]{ask: m.readLogs}
	found, err = m.LogSecrets(t.Context())
	assert.ErrorContains(t, err, "reading /var/log/cut.gz: unexpected EOF")
	assert.Len(t, found, 1, "what comes before the cut counts")
}

// An xz file may ask for 4 GiB of memory in its header, which the library would take.
func TestXZDictionary(t *testing.T) {
	const header = "\xfd7zXZ\x00\x00\x04\xe6\xd6\xb4\x46"
	assert.EqualValues(t, 8<<20, xzDictionary([]byte(header+"\x02\x00\x21\x01\x16\x00\x00\x00")))
	assert.EqualValues(t, 64<<20, xzDictionary([]byte(header+"\x02\x00\x21\x01\x1c\x00\x00\x00")))
	assert.EqualValues(t, 8<<20, xzDictionary([]byte(header+"\x04\xc0\x80\x01\x81\x82\x03\x21\x01\x16")), "with sizes")
	assert.EqualValues(t, 4<<30, xzDictionary([]byte(header+"\x02\x00\x21\x01\x28\x00\x00\x00")))
	assert.Zero(t, xzDictionary([]byte(header)))
	m := treeMachine(t, "-- var/log/x --\n")
	require.NoError(t, os.WriteFile(filepath.Join(m.Root.Dir(), "var/log/big.xz"), []byte(header+"\x02\x00\x21\x01\x28\x00\x00\x00"), 0o600))
	_, err := m.LogSecrets(t.Context())
	assert.ErrorContains(t, err, "unpacking /var/log/big.xz: file too large: it needs 4096 MiB of memory")
}

func FuzzXZDictionary(f *testing.F) {
	f.Add([]byte("\xfd7zXZ\x00\x00\x04\xe6\xd6\xb4\x46\x04\xc0\x80\x01\x81\x82\x03\x21\x01\x16"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if size := xzDictionary(data); size < 0 || size > 4<<30 {
			t.Error(size)
		}
		_ = packedAs(data)
	})
}
