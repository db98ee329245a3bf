//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// marks are unique texts that stand for secrets, by the file that holds each. They
// are looked for in the raw bytes of a disk.
type marks map[string]string

const (
	markBegin = "lab-mark-"
	markSize  = len(markBegin) + 24
)

// deletedFiles is how many files are removed again after they were written.
const deletedFiles = 60

// markOf returns the mark of a file: another for each file and each disk.
func markOf(seed, name string) string {
	return markBegin + fmt.Sprintf("%x", sha256.Sum256([]byte(seed+" "+name)))[:24]
}

// secretFiles are what a default clean removes or empties, with their sizes in bytes.
func secretFiles() map[string]int {
	files := map[string]int{}
	add := func(size int, names ...string) {
		for _, name := range names {
			files[name] = size
		}
	}
	for _, home := range []string{"/root", "/home/app", "/srv/svc"} {
		for _, name := range []string{
			".ssh/authorized_keys", ".ssh/authorized_keys2", ".ssh/known_hosts", ".ssh/known_hosts.old",
			".bash_history", ".zsh_history", ".python_history", ".mysql_history", ".psql_history", ".node_repl_history",
			".irb_history", ".rediscli_history", ".dbshell", ".lesshst", ".viminfo", ".wget-hsts",
			".local/share/fish/fish_history", ".mongodb/mongosh/mongosh_repl_history",
		} {
			add(400+len(home)*len(name)*7, home+"/"+name)
		}
	}
	add(700, "/etc/ssh/authorized_keys.d/app", "/etc/ssh/authorized_keys.d/root")
	add(2590, "/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ecdsa_key", "/etc/ssh/ssh_host_ed25519_key-cert.pub")
	add(60_000, "/var/log/syslog", "/var/log/auth.log", "/var/log/kern.log", "/var/log/app/app.log", "/var/log/audit/audit.log")
	add(9000, "/var/log/syslog.1", "/var/log/syslog.2.gz", "/var/log/app/app.log-20260101", "/var/log/deep/a/b/c/x.log.12", "/var/log/app/old.log")
	add(3000, "/var/log/wtmp", "/var/log/btmp", "/var/log/lastlog", "/var/log/account/pacct", "/var/log/installer/syslog", "/var/log/cloud-init.log", "/var/log/cloud-init-output.log")
	add(300_000, "/var/log/journal/0123456789abcdef0123456789abcdef/system.journal", "/var/log/journal/0123456789abcdef0123456789abcdef/user-1000.journal",
		"/var/log/journal/0123456789abcdef0123456789abcdef/system@0-0.journal")
	add(5000, "/var/lib/cloud/instances/i-1/user-data.txt", "/var/lib/cloud/instances/i-1/vendor-data.txt", "/var/lib/cloud/instances/i-1/obj.pkl",
		"/var/lib/cloud/data/result.json", "/var/lib/cloud/data/previous-instance-id")
	add(20_000, "/var/mail/root", "/var/mail/app")
	add(120, "/tmp/small", "/tmp/.hidden", "/tmp/.dir/sub/deep/file", "/var/tmp/x", "/tmp/two words\n")
	add(3<<20, "/tmp/large", "/var/cache/apt/archives/app_1.0_amd64.deb", "/var/cache/apt/archives/partial/half_1.0_amd64.deb", "/var/cache/apt/pkgcache.bin")
	add(50_000, "/var/crash/_usr_bin_app.0.crash", "/var/lib/systemd/coredump/core.app.0.zst")
	add(1500, "/etc/shadow-", "/etc/gshadow-", "/etc/passwd-", "/var/backups/shadow.bak", "/var/backups/gshadow.bak", "/etc/security/opasswd")
	add(2000, "/root/anaconda-ks.cfg", "/root/.ansible/tmp/task.py", "/home/app/.ansible/tmp/task.py")
	add(70_000, "/var/lib/plocate/plocate.db")
	add(512, "/var/lib/systemd/random-seed")
	add(900, "/var/lib/dhcp/dhclient.eth0.leases", "/var/lib/NetworkManager/internal-1.lease", "/etc/udev/rules.d/70-persistent-net.rules", "/var/lib/logrotate/status")
	return files
}

// plantSecrets writes every secret file with its mark, and as many that are removed
// again, as somebody has removed them who thought that to be enough.
func plantSecrets(t testing.TB, root, seed string) marks {
	t.Helper()
	planted := marks{}
	put := func(name string, size int) {
		mark := markOf(seed, name)
		planted[name] = mark
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		text := strings.Repeat(mark+"\n", size/(markSize+1)+1)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	for _, name := range slices.Sorted(maps.Keys(secretFiles())) {
		put(name, secretFiles()[name])
	}
	var deleted []string
	for i := range deletedFiles {
		name := path.Join([]string{"/root", "/var/log", "/tmp", "/opt/build", "/home/app"}[i%5], fmt.Sprintf("deleted-%d", i))
		deleted = append(deleted, name)
		put(name, 1<<(uint(i)%18))
	}
	require.NoError(t, command("/", "sync", "-f", root))
	for _, name := range deleted {
		require.NoError(t, os.Remove(filepath.Join(root, name)))
	}
	require.NoError(t, command("/", "sync", "-f", root))
	return planted
}

// left returns the files whose marks are found in the raw bytes of the disk, sorted.
func (m marks) left(t testing.TB, file string) []string {
	t.Helper()
	byMark := map[string]string{}
	for name, mark := range m {
		byMark[mark] = name
	}
	f, err := os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	found := map[string]bool{}
	r := bufio.NewReaderSize(f, 4<<20)
	for {
		chunk, err := r.Peek(4 << 20)
		for rest := chunk; ; {
			at := bytes.Index(rest, []byte(markBegin))
			if at < 0 || len(rest) < at+markSize {
				break
			}
			if name, ours := byMark[string(rest[at:at+markSize])]; ours {
				found[name] = true
			}
			rest = rest[at+len(markBegin):]
		}
		if errors.Is(err, io.EOF) {
			return slices.Sorted(maps.Keys(found))
		}
		require.NoError(t, err)
		_, err = r.Discard(len(chunk) - markSize) // a mark may lie across two chunks
		require.NoError(t, err)
	}
}
