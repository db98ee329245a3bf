package clean_test

import (
	"fmt"
	"strings"
	"testing"

	"imgcheck/clean"
)

// keep lets a path stay.
func keep(glob string) func(*testing.T, *clean.Scope) {
	return func(_ *testing.T, s *clean.Scope) { s.Keep = []string{glob} }
}

func TestRootPassword(t *testing.T) {
	testStep(t, "root-password", []row{
		{name: "clean"},
		{
			name: "a hash", dirt: "-- etc/shadow mode=0640 --\nroot:{{sha512-hash}}:20770:0:99999:7:::\ndaemon:!*:20770::::::\n",
			want: []string{"write /etc/shadow (without the passwords of root)"},
			left: "-- etc/shadow mode=0640 --\nroot:*:20770:0:99999:7:::\ndaemon:!*:20770::::::\n",
		},
		{
			name: "what passwd -l and passwd -d leave behind", dirt: "-- etc/shadow --\nroot:!{{sha512-hash}}:20770:0:99999:7:::\nroot::20770:0:99999:7:::\nroot:!*:1::::::\n",
			want: []string{"write /etc/shadow (without the passwords of root)"},
			left: "-- etc/shadow --\nroot:*:20770:0:99999:7:::\nroot:*:20770:0:99999:7:::\nroot:*:1::::::\n",
		},
		{
			name: "a hash in passwd", dirt: "-- etc/passwd --\nroot:{{sha512-hash}}:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/bin/sh\n",
			want: []string{"write /etc/passwd (without the passwords of root)"}, left: "-- etc/passwd --\nroot:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/bin/sh\n",
		},
		{
			name: "no shadow", dirt: "-- etc/shadow removed --\n", left: "-- etc/shadow removed --\n", err: "reading the passwords", still: []string{"error root-password"},
		},
		{
			name: "a link", hostile: "-- etc/shadow removed --\n-- srv/shadow --\nroot::1::::::\n-- etc/shadow link=/srv/shadow --\n",
			want: []string{"leave /etc/shadow (a link, left alone)"}, still: []string{"fail root-password"},
			left: "-- etc/shadow removed --\n-- srv/shadow --\nroot::1::::::\n-- etc/shadow link=/srv/shadow --\n",
		},
		{
			name: "another name", hostile: "-- etc/shadow --\nroot::1::::::\n-- srv/shadow hardlink=etc/shadow --\n",
			want: []string{"leave /etc/shadow (a file with other names, which would keep what it holds: left alone)"}, still: []string{"fail root-password"},
			left: "-- etc/shadow --\nroot::1::::::\n-- srv/shadow hardlink=etc/shadow --\n",
		},
		{
			name: "a file that is to be kept", dirt: "-- etc/shadow --\nroot::1::::::\n", left: "-- etc/shadow --\nroot::1::::::\n",
			change: keep("/etc/shadow"), want: []string{"leave /etc/shadow (is to be kept)"}, still: []string{"fail root-password"},
		},
	})
}

func TestUserPasswords(t *testing.T) {
	const users = "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\nweb:x:900:900::/srv/web:/bin/sh\nold::1001:1001::/:/bin/sh\n"
	testStep(t, "user-passwords", []row{
		{name: "clean"},
		{
			name: "users' and nobody else's", dirt: users + "-- etc/shadow append --\napp:{{yescrypt-hash}}:20770:0:99999:7:::\nweb:zz.not.a.hash:20770:0:99999:7:::\n",
			want: []string{"write /etc/shadow (without the passwords of app)", "write /etc/passwd (without the passwords of old)"},
			left: "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\nweb:x:900:900::/srv/web:/bin/sh\nold:*:1001:1001::/:/bin/sh\n" +
				"-- etc/shadow append --\napp:*:20770:0:99999:7:::\nweb:zz.not.a.hash:20770:0:99999:7:::\n",
		},
		{
			name: "what could be read", dirt: users + "-- etc/shadow append --\nbroken\napp::20770:0:99999:7:::\nold:!:1::::::\n",
			want:  []string{"write /etc/shadow (without the passwords of app)", "write /etc/passwd (without the passwords of old)"},
			left:  "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\nweb:x:900:900::/srv/web:/bin/sh\nold:x:1001:1001::/:/bin/sh\n-- etc/shadow append --\nbroken\napp:*:20770:0:99999:7:::\nold:!:1::::::\n",
			still: []string{"error user-passwords"},
		},
		{
			name: "another name, and a link", hostile: "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\nold::1001:1001::/:/bin/sh\n-- srv/other hardlink=etc/passwd --\n" +
				"-- etc/shadow removed --\n-- srv/shadow --\nroot:*:1::::::\nold::1::::::\n-- etc/shadow link=/srv/shadow --\n",
			want: []string{"leave /etc/shadow (a link, left alone)", "leave /etc/passwd (a file with other names, which would keep what it holds: left alone)"},
			left: "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\nold::1001:1001::/:/bin/sh\n-- srv/other hardlink=etc/passwd --\n" +
				"-- etc/shadow removed --\n-- srv/shadow --\nroot:*:1::::::\nold::1::::::\n-- etc/shadow link=/srv/shadow --\n",
			still: []string{"fail user-passwords"},
		},
		{
			name: "more users than a note names", dirt: manyUsers(12, ""),
			want: []string{"write /etc/shadow (without the passwords of u1, u2, u3, u4, u5, u6, u7, u8, u9, u10 and 2 more)"},
			left: manyUsers(12, "*"),
		},
	})
}

func manyUsers(n int, password string) string {
	passwd, shadow := "-- etc/passwd append --\n", "-- etc/shadow append --\n"
	for i := 1; i <= n; i++ {
		passwd += fmt.Sprintf("u%d:x:%d:100::/:/bin/sh\n", i, 1000+i)
		shadow += fmt.Sprintf("u%d:%s:20770:0:99999:7:::\n", i, password)
	}
	return passwd + shadow
}

func TestPrivateKeys(t *testing.T) {
	const putty = "PuTTY-User-Key-File-3: none\n"
	testStep(t, "private-keys", []row{
		{name: "clean"},
		{
			name: "by what they hold and by their names", dirt: appAccount + "-- root/.ssh/id_rsa mode=0600 --\n{{bytes 20}}\n-- root/.ssh/id_ecdsa --\n-- srv/app/.ssh/deep/deploy.pem --\n{{private-key pkcs8}}\n" +
				"-- root/.ssh/id_rsa.pub --\nx\n-- root/.ssh/config --\nx\n-- root/key.pem --\n" + putty,
			want: []string{"remove /root/.ssh/id_ecdsa 0", "remove /root/.ssh/id_rsa 21", "remove /srv/app/.ssh/deep/deploy.pem 119"},
			left: appAccount + "-- root/.ssh/id_rsa.pub --\nx\n-- root/.ssh/config --\nx\n-- srv/app/.ssh/deep dir --\n-- root/key.pem --\n" + putty,
		},
		{
			name: "what is in the way", hostile: "-- srv/key --\n" + putty + "-- root/.ssh/a link=/srv/key --\n-- root/.ssh/id_rsa hardlink=srv/canary --\n-- root/.ssh/id_dsa fifo --\n",
			want: []string{"unlink /root/.ssh/a (a link, whose target stays)", "unlink /root/.ssh/id_rsa (a file with other names, which keep what it holds)"},
			left: "-- srv/key --\n" + putty + "-- root/.ssh/id_dsa fifo --\n",
		},
	})
}

func TestCredentialSecret(t *testing.T) {
	testStep(t, "credential-secret", []row{
		{name: "clean"},
		{name: "the key", dirt: "-- var/lib/systemd/credential.secret mode=0400 --\nx\n", want: []string{"remove /var/lib/systemd/credential.secret 2"}, left: "-- var/lib/systemd dir --\n"},
		{
			name: "what is in the way", hostile: "-- var/lib/systemd/credential.secret link=/srv/canary --\n",
			want: []string{"unlink /var/lib/systemd/credential.secret (a link, whose target stays)"}, left: "-- var/lib/systemd dir --\n",
		},
	})
}

func TestSwap(t *testing.T) {
	swapFile := strings.Repeat("x", 4086) + "SWAPSPACE2\n"
	fstab := func(lines string) string {
		return "-- etc/fstab --\nLABEL=cloudimg-rootfs / ext4 defaults 0 1\n" + lines
	}
	testStep(t, "swap", []row{
		{name: "clean"},
		{
			name: "files of fstab", dirt: "-- swapfile mode=0600 --\n" + swapFile + "-- \"swap 2\" --\n" + swapFile +
				fstab("# swap\n/swapfile none swap sw 0 0\n/swap\\0402 none swap sw 0 0\n/gone swap swap defaults 0 0\n/dev/vdb1 none swap sw 0 0\nUUID=1-2 none swap sw 0 0\n/dev/vda1 /boot ext4 defaults 0 2\n") + "-- dev/vdb1 fifo --\n",
			want: []string{
				"leave /dev/vdb1 (swap that is no file which mkswap has marked, left alone)", "leave UUID=1-2 (swap that is no file which mkswap has marked, left alone)",
				"remove /swap 2 4097", "remove /swapfile 4097", "write /etc/fstab (without its lines for swap files)",
			},
			left:  fstab("# swap\n/dev/vdb1 none swap sw 0 0\nUUID=1-2 none swap sw 0 0\n/dev/vda1 /boot ext4 defaults 0 2\n") + "-- dev/vdb1 fifo --\n",
			still: []string{"warn swap"},
		},
		{
			name: "what the kernel swaps to", dirt: "-- swapfile --\nx\n-- proc/swaps --\nFilename Type Size Used Priority\n/swapfile file 1 0 -2\n/dev/vda2 partition 1 0 -3\n-- dev/vda2 fifo --\n",
			change: func(t *testing.T, s *clean.Scope) {
				live(t, s)
				s.Exec = programs{"swapoff /swapfile": ""}
			},
			want: []string{"leave /dev/vda2 (swap that is no file which mkswap has marked, left alone)", "run swapoff /swapfile", "remove /swapfile 2"},
			left: "-- proc/swaps --\nFilename Type Size Used Priority\n/swapfile file 1 0 -2\n/dev/vda2 partition 1 0 -3\n-- dev/vda2 fifo --\n",
		},
		{
			name: "what is in the way", hostile: "-- etc/issue --\nkeep\n-- etc/swaplink link=/srv/canary --\n-- s --\n" + swapFile + "-- srv/s hardlink=s --\n" + fstab("/etc/issue none swap sw 0 0\n/etc/swaplink none swap sw 0 0\n/s none swap sw 0 0\n"),
			want: []string{
				"leave /etc/issue (swap that is no file which mkswap has marked, left alone)", "leave /etc/swaplink (swap that is no file which mkswap has marked, left alone)",
				"unlink /s (a file with other names, which keep what it holds)", "write /etc/fstab (without its lines for swap files)",
			},
			left:  "-- etc/issue --\nkeep\n-- etc/swaplink link=/srv/canary --\n-- srv/s --\n" + swapFile + fstab("/etc/issue none swap sw 0 0\n/etc/swaplink none swap sw 0 0\n"),
			still: []string{"warn swap"},
		},
	})
}

func TestSelf(t *testing.T) {
	program := func(name string) func(*testing.T, *clean.Scope) {
		return func(t *testing.T, s *clean.Scope) {
			live(t, s)
			s.Program = name
		}
	}
	testStep(t, "self", []row{
		{name: "a tree", want: []string{"leave (needs the running machine)"}},
		{name: "the program", dirt: "-- usr/local/bin/imgcheck mode=0755 --\nx\n", change: program("/usr/local/bin/imgcheck"), want: []string{"unlink /usr/local/bin/imgcheck (the program itself)"}, left: "-- usr/local/bin dir --\n"},
		{name: "a link", hostile: "-- usr/local/bin/imgcheck link=/srv/canary --\n", change: program("/usr/local/bin/imgcheck"), want: []string{"unlink /usr/local/bin/imgcheck (the program itself)"}, left: "-- usr/local/bin dir --\n"},
		{name: "nobody knows where", change: program(""), err: "not known"},
	})
}
