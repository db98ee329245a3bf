package clean_test

import "testing"

func TestCrashDumps(t *testing.T) {
	const folders = "-- var/crash dir mode=1777 --\n-- var/lib/systemd/coredump dir --\n-- var/spool/abrt dir --\n"
	testStep(t, "crash-dumps", []row{
		{name: "clean"},
		{
			name: "all handlers'",
			dirt: folders + "-- var/crash/_usr_bin_app.0.crash --\nx\n-- var/crash/202611200800/dump.202611200800 size=1M --\n-- var/lib/systemd/coredump/core.app.0.zst --\nx\n" +
				"-- var/spool/abrt/ccpp-1/coredump --\nx\n-- var/tmp/abrt link=../spool/abrt --\n",
			want: []string{
				"remove /var/crash/202611200800/dump.202611200800 1048576", "remove /var/crash/_usr_bin_app.0.crash 2", "remove-folder /var/crash/202611200800",
				"remove /var/lib/systemd/coredump/core.app.0.zst 2", "remove /var/spool/abrt/ccpp-1/coredump 2", "remove-folder /var/spool/abrt/ccpp-1",
			},
			left: folders + "-- var/tmp/abrt link=../spool/abrt --\n",
		},
		{
			name: "what is in the way", dirt: folders,
			hostile: "-- var/crash/a link=/srv --\n-- var/crash/b hardlink=srv/canary --\n-- var/crash/c fifo --\n-- var/crash/d link=OUTSIDE --\n-- var/lib/systemd/coredump link=/dev/null --\n",
			want: []string{
				"unlink /var/crash/a (a link, whose target stays)", "unlink /var/crash/b (a file with other names, which keep what it holds)",
				"unlink /var/crash/c (a fifo)", "unlink /var/crash/d (a link, whose target stays)",
			},
			left: folders + "-- var/lib/systemd/coredump link=/dev/null --\n",
		},
	})
}

func TestAccountBackups(t *testing.T) {
	testStep(t, "account-backups", []row{
		{name: "clean"},
		{
			name: "all copies",
			dirt: "-- etc/passwd- --\nx\n-- etc/shadow- mode=0600 --\nx\n-- etc/group- --\nx\n-- etc/gshadow- --\nx\n-- etc/subuid- --\nx\n-- etc/subgid- --\nx\n" +
				"-- var/backups/shadow.bak --\nx\n-- var/backups/passwd.bak.0 --\nx\n-- var/backups/group.1.gz --\nx\n-- var/backups/gshadow.0 --\nx\n" +
				"-- etc/security/opasswd mode=0600 --\nx\n-- etc/security/opasswd.old --\nx\n" +
				"-- var/backups/dpkg.status.0 --\nx\n-- var/backups/passwdqc.conf --\nx\n-- etc/shadow-maint/x --\nx\n",
			want: []string{
				"remove /etc/security/opasswd.old 2", "remove /etc/passwd- 2", "remove /var/backups/passwd.bak.0 2", "remove /etc/shadow- 2", "remove /var/backups/shadow.bak 2",
				"remove /etc/group- 2", "remove /var/backups/group.1.gz 2", "remove /etc/gshadow- 2", "remove /var/backups/gshadow.0 2", "remove /etc/subuid- 2", "remove /etc/subgid- 2",
				"truncate /etc/security/opasswd 2",
			},
			left: "-- etc/security/opasswd mode=0600 --\n-- var/backups/dpkg.status.0 --\nx\n-- var/backups/passwdqc.conf --\nx\n-- etc/shadow-maint/x --\nx\n",
		},
		{
			name:    "what is in the way",
			hostile: "-- etc/shadow- link=shadow --\n-- etc/passwd- hardlink=etc/passwd --\n-- etc/group- fifo --\n-- etc/security/opasswd link=/srv/canary --\n-- var/backups link=/srv/backups --\n-- srv/backups/shadow.bak --\nx\n",
			want: []string{
				"unlink /etc/passwd- (a file with other names, which keep what it holds)", "unlink /etc/shadow- (a link, whose target stays)",
				"remove /var/backups/shadow.bak 2", "leave /etc/group- (a fifo, left alone)", "unlink /etc/security/opasswd (a link, whose target stays)",
			},
			left: "-- etc/group- fifo --\n-- etc/security dir --\n-- var/backups link=/srv/backups --\n-- srv/backups dir --\n",
		},
	})
}

func TestFileIndex(t *testing.T) {
	testStep(t, "file-index", []row{
		{name: "clean"},
		{
			name: "both kinds", dirt: "-- var/lib/plocate/plocate.db mode=0640 --\nx\n-- var/lib/mlocate/mlocate.db --\nx\n-- var/lib/plocate/CACHEDIR.TAG --\nx\n",
			want: []string{"remove /var/lib/plocate/plocate.db 2", "remove /var/lib/mlocate/mlocate.db 2"},
			left: "-- var/lib/plocate/CACHEDIR.TAG --\nx\n-- var/lib/mlocate dir --\n",
		},
		{
			name: "what is in the way", hostile: "-- var/lib/plocate/plocate.db link=/srv/canary --\n-- var/lib/mlocate/mlocate.db/x --\nx\n-- var/cache/locate/locatedb hardlink=srv/canary --\n",
			want: []string{
				"unlink /var/lib/plocate/plocate.db (a link, whose target stays)", "leave /var/lib/mlocate/mlocate.db (a folder, left alone)",
				"unlink /var/cache/locate/locatedb (a file with other names, which keep what it holds)",
			},
			left: "-- var/lib/plocate dir --\n-- var/lib/mlocate/mlocate.db/x --\nx\n-- var/cache/locate dir --\n",
		},
	})
}

func TestInstallerFiles(t *testing.T) {
	const report = "{\n  \"schema\": \"imgcheck.report/v1\",\n  \"tool\": {{bytes 300}}\n"
	testStep(t, "installer-files", []row{
		{name: "clean"},
		{
			name: "answers and logs of installers",
			dirt: "-- root/anaconda-ks.cfg mode=0600 --\nx\n-- root/original-ks.cfg --\nx\n-- root/initial-setup-ks.cfg --\nx\n-- root/install.log.syslog --\nx\n" +
				"-- var/log/installer/autoinstall-user-data --\nx\n-- var/log/installer/block/probe.log --\nx\n-- etc/cloud/cloud.cfg.d/99-installer.cfg --\nx\n",
			want: []string{
				"remove /root/anaconda-ks.cfg 2", "remove /root/original-ks.cfg 2", "remove /root/initial-setup-ks.cfg 2", "remove /root/install.log.syslog 2",
				"remove /var/log/installer/autoinstall-user-data 2", "remove /var/log/installer/block/probe.log 2", "remove-folder /var/log/installer/block",
			},
			left: "-- var/log/installer dir --\n-- etc/cloud/cloud.cfg.d/99-installer.cfg --\nx\n",
		},
		{
			name: "Ansible's folders, and not what it has installed",
			dirt: appAccount + "-- root/.ansible/tmp/ansible-tmp-1/x --\nx\n-- root/.ansible/cp dir --\n-- root/.ansible_async/j1 --\nx\n" +
				"-- srv/app/.ansible/tmp/y --\nx\n-- srv/app/.ansible/collections/z --\nx\n",
			want: []string{
				"remove /root/.ansible/tmp/ansible-tmp-1/x 2", "remove-folder /root/.ansible/tmp/ansible-tmp-1", "remove-folder /root/.ansible/tmp", "remove-folder /root/.ansible/cp",
				"remove /root/.ansible_async/j1 2", "remove-folder /root/.ansible_async", "remove-folder /root/.ansible",
				"remove /srv/app/.ansible/tmp/y 2", "remove-folder /srv/app/.ansible/tmp",
			},
			left: appAccount + "-- srv/app/.ansible/collections/z --\nx\n",
		},
		{
			name: "our own reports",
			dirt: "-- root/report.json --\n" + report + "-- home/app/.r --\n" + report + "-- root/data.json --\n{\"schema\": \"other/v1\"}\n-- root/short --\n{\"schema\":\"imgcheck.report/v1\"}\n",
			want: []string{"remove /home/app/.r 347", "remove /root/report.json 347"},
			left: "-- home/app dir --\n-- root/data.json --\n{\"schema\": \"other/v1\"}\n-- root/short --\n{\"schema\":\"imgcheck.report/v1\"}\n",
		},
		{
			name: "what is in the way", dirt: appAccount,
			hostile: "-- root/anaconda-ks.cfg link=/srv/canary --\n-- root/.ansible link=/srv/ansible --\n-- srv/ansible/tmp/x --\nalive\n-- srv/app/.ansible/tmp link=/srv --\n-- srv/app/.ansible_async hardlink=srv/canary --\n" +
				"-- root/original-ks.cfg fifo --\n-- var/log/installer/a link=OUTSIDE --\n-- root/fifo fifo --\n",
			want: []string{
				"unlink /root/anaconda-ks.cfg (a link, whose target stays)", "leave /root/original-ks.cfg (a fifo, left alone)",
				"unlink /var/log/installer/a (a link, whose target stays)",
				"leave /root/.ansible/tmp (behind the link /root/.ansible, left alone)",
				"unlink /srv/app/.ansible/tmp (a link, whose target stays)",
				"unlink /srv/app/.ansible_async (a file with other names, which keep what it holds)",
				"remove-folder /srv/app/.ansible",
			},
			left: appAccount + "-- root/.ansible link=/srv/ansible --\n-- srv/ansible/tmp/x --\nalive\n-- srv/app dir --\n-- root/original-ks.cfg fifo --\n-- var/log/installer dir --\n-- root/fifo fifo --\n",
		},
	})
}
