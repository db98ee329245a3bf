package check

import "testing"

func TestInstallerFiles(t *testing.T) {
	const report = "{\n  \"schema\": \"imgcheck.report/v1\",\n  \"tool\": {{bytes 300}}\n"
	testCheck(t, installerFiles(), []row{
		{name: "none", want: Pass},
		{
			name: "empty ones, and what the vendor has installed", want: Pass,
			overlay: "-- root/anaconda-ks.cfg no-newline --\n-- var/log/installer/block dir --\n-- root/.ansible/collections/a --\nx\n-- root/.ansible/tmp dir --\n",
		},
		{
			name: "the installer's", want: Warn,
			overlay:  "-- root/anaconda-ks.cfg --\nrootpw {{sha512-hash}}\n-- root/install.log.syslog --\nx\n-- var/log/installer/autoinstall-user-data --\nx\n",
			findings: []string{"warn /root/anaconda-ks.cfg of the installer", "warn /root/install.log.syslog of the installer", "warn /var/log/installer/autoinstall-user-data of the installer"},
		},
		{
			name: "Ansible's in any home", want: Warn,
			overlay:  "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\n-- srv/app/.ansible/tmp/ansible-tmp-1/x.py --\nx\n-- root/.ansible_async/j1 --\nx\n",
			findings: []string{"warn /root/.ansible_async/j1 left by Ansible", "warn /srv/app/.ansible/tmp/ansible-tmp-1/x.py left by Ansible"},
		},
		{
			name: "our own report", overlay: "-- root/report.json --\n" + report, want: Warn,
			findings: []string{"warn /root/report.json a report of this program"},
		},
		{name: "homes that are not known", overlay: "-- etc/passwd removed --\n", want: Error, err: "looking for what the installer and the build left"},
	})
}
