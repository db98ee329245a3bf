//go:build e2e

package e2e

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// survivor is something of the vendor's that a clean must not touch.
type survivor struct {
	path string
	mode fs.FileMode
	uid  int
	size int // of a folder -1
}

// survivors are the vendor's work: what the image is made for, beside and between
// what is cleaned.
func survivors() []survivor {
	const dir = -1
	return []survivor{
		{"/var/lib/cloud/scripts/per-instance/001_onboot", 0o755, 0, 900},
		{"/var/lib/cloud/scripts/per-boot/010_check", 0o755, 0, 300},
		{"/var/lib/cloud/seed/nocloud/user-data", 0o600, 0, 400},
		{"/var/lib/cloud/handlers/part.py", 0o644, 0, 400},
		{"/var/lib/cloud/sem/config_scripts_per_once.once", 0o644, 0, 10},
		{"/var/lib/digitalocean/application.info", 0o644, 0, 120},
		{"/etc/update-motd.d/99-app", 0o755, 0, 500},
		{"/opt/app/bin/app", 0o755, 0, 200_000},
		{"/opt/app/.env", 0o640, 1000, 300},
		{"/opt/app/logs/app.log", 0o644, 1000, 5000},
		{"/srv/www/index.html", 0o644, 33, 2000},
		{"/var/www/html/.htaccess", 0o644, 33, 100},
		{"/var/lib/mysql/ibdata1", 0o640, 110, 2 << 20},
		{"/var/lib/app/data.db", 0o600, 1000, 80_000},
		{"/var/lib/docker/volumes/app/_data/seed.sql", 0o644, 0, 5000},
		{"/var/spool/cron/crontabs/root", 0o600, 0, 200},
		{"/var/spool/postfix/deferred/A/A1", 0o600, 100, 700},
		{"/etc/cron.d/app", 0o644, 0, 90},
		{"/etc/app/app.conf", 0o640, 1000, 700},
		{"/etc/app/password.hash", 0o600, 0, 90},
		{"/etc/iptables/rules.v4", 0o640, 0, 800},
		{"/etc/ufw/user.rules", 0o640, 0, 1200},
		{"/etc/firewalld/zones/public.xml", 0o644, 0, 300},
		{"/etc/nginx/sites-enabled/app", 0o644, 0, 600},
		{"/etc/systemd/system/app.service", 0o644, 0, 300},
		{"/etc/ssl/private/app.key", 0o640, 0, 1700},
		{"/etc/ssh/trusted_user_ca_keys", 0o644, 0, 400},
		{"/etc/ssh/auth_principals/app", 0o644, 0, 40},
		{"/etc/ssh/keyboard.conf", 0o644, 0, 40},
		{"/etc/netplan/50-cloud-init.yaml", 0o600, 0, 300},
		{"/etc/network/interfaces.d/50-app", 0o644, 0, 200},
		{"/etc/hostname", 0o644, 0, 12},
		{"/etc/hosts", 0o644, 0, 90},
		{"/etc/shadow.vendor", 0o600, 0, 90},
		{"/root/.bashrc", 0o644, 0, 600},
		{"/root/.config/app.ini", 0o600, 0, 100},
		{"/root/notes.txt", 0o644, 0, 1000},
		{"/home/app/.profile", 0o644, 1000, 800},
		{"/home/app/project/history.py", 0o644, 1000, 4000},
		{"/home/app/tmp/keep", 0o644, 1000, 50},
		{"/usr/local/bin/tool", 0o755, 0, 10_000},
		{"/usr/local/lib/libtool.so.1", 0o644, 0, 30_000},
		{"/var/cache/app/warm.cache", 0o644, 1000, 9000},
		{"/var/log/cpanel-install.log", 0o600, 0, 3000},
		{"/var/log/app", 0o2750, 1000, dir},
		{"/var/log/nginx", 0o755, 33, dir},
		{"/var/log/unattended-upgrades", 0o750, 0, dir},
		{"/var/log/app-services", 0o775, 1000, dir},
		{"/var/log/deep/a/b/c", 0o700, 1000, dir},
		{"/var/mail", 0o2775, 0, dir},
		{"/tmp", 0o1777, 0, dir},
		{"/var/tmp", 0o1777, 0, dir},
		// what hostile links and other names lead to
		{"/data/victim-of-a-link", 0o644, 0, 700},
		{"/data/victim-of-a-name", 0o644, 0, 700},
		{"/data/victim-of-a-log-name", 0o644, 0, 700},
		{"/data/folder/victim-of-a-folder-link", 0o644, 0, 700},
		{"/data/mounted/victim-of-a-mount", 0o644, 0, 700},
	}
}

// hostileLinks lead from what is cleaned to survivors. A bind mount stands in /tmp
// for as long as the clean runs.
const hostileLinks = `
mkdir -p /home/app/.config /var/log/app /tmp/mounted /root/.ssh
ln -sf /data/victim-of-a-link /home/app/.histfile
ln -f /data/victim-of-a-name /home/app/.sh_history
ln -f /data/victim-of-a-log-name /var/log/app/linked.log
ln -sfn /data/folder /tmp/folder
ln -sfn /data/folder /var/log/app/folder
ln -sfn /data/folder /home/app/.config/fish
ln -sf /data/victim-of-a-link /var/mail/linked
ln -sf ../../../../../data/victim-of-a-link /var/crash/linked.crash
for fifo in /tmp/fifo /var/log/app/fifo.log; do [ -p $fifo ] || mkfifo $fifo; done
chown -h 1000:1000 /home/app/.histfile
mount --bind /data/mounted /tmp/mounted
`

func plantSurvivors(t testing.TB, root string) {
	t.Helper()
	for _, s := range survivors() {
		file := filepath.Join(root, s.path)
		folder := file
		if s.size >= 0 {
			folder = filepath.Dir(file)
		}
		require.NoError(t, os.MkdirAll(folder, 0o755))
		if s.size >= 0 {
			text := strings.Repeat("survivor "+s.path+"\n", s.size/10+1)[:s.size]
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		}
		require.NoError(t, os.Lchown(file, s.uid, s.uid))
		require.NoError(t, syscall.Chmod(file, uint32(s.mode)))
	}
}

// standing describes every survivor: what it is, whose, and what it holds.
func standing(t testing.TB, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, s := range survivors() {
		file := filepath.Join(root, s.path)
		info, err := os.Lstat(file)
		if err != nil {
			all[s.path] = err.Error()
			continue
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		require.True(t, ok)
		text := fmt.Sprintf("%v %d:%d", info.Mode(), stat.Uid, stat.Gid)
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			text += fmt.Sprintf(" %d %x", len(data), sha256.Sum256(data))
		}
		all[s.path] = text
	}
	return all
}
