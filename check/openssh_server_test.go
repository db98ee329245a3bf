package check

import (
	"testing"

	"imgcheck/distro"
)

const sshDisabled = "-- etc/systemd/system/multi-user.target.wants/ssh.service removed --\n"

func TestOpenSSHServer(t *testing.T) {
	installed := packages(installedPackages("openssh-server", "1:9.2p1-2+deb12u7"))
	onDebian := "note  started at boot by ssh.service"
	notStarted := "fail  does not start at boot: neither its service nor its socket is enabled"
	testCheck(t, opensshServer(), []row{
		{name: "Debian's service", change: installed, want: Pass, findings: []string{onDebian}},
		{
			name: "Ubuntu's socket", machine: "ubuntu-24.04", change: installed, want: Pass,
			findings: []string{"note  started at boot by ssh.socket"},
		},
		{
			name: "Red Hat's service, no reader for the database", machine: "rocky-9", want: Pass,
			change: packages(fakePackages{err: distro.ErrNoReader}), findings: []string{"note  started at boot by sshd.service"},
		},
		{
			name: "SFTP in a drop-in", change: installed, want: Pass,
			overlay:  "-- etc/ssh/sshd_config --\nInclude /etc/ssh/sshd_config.d/*.conf\n-- etc/ssh/sshd_config.d/sftp.conf --\nsubsystem SFTP internal-sftp\n",
			findings: []string{onDebian},
		},
		{
			name: "no SFTP", change: installed, want: Warn, overlay: "-- etc/ssh/sshd_config --\n#Subsystem sftp internal-sftp\n",
			findings: []string{`warn /etc/ssh/sshd_config no "Subsystem sftp", here or in an included file`, onDebian},
		},
		{
			name: "not installed", overlay: "-- usr/sbin/sshd removed --\n", change: packages(fakePackages{}), want: Fail,
			findings: []string{"fail  openssh-server is not installed"},
		},
		{
			name: "a program of no package", change: packages(fakePackages{}), want: Fail,
			findings: []string{"fail /usr/sbin/sshd not of the package openssh-server, which is not installed"},
		},
		{
			name: "a package without its program", overlay: "-- usr/sbin/sshd removed --\n", change: installed, want: Fail,
			findings: []string{"fail  openssh-server is installed, but its program sshd is gone"},
		},
		{name: "disabled", overlay: sshDisabled, change: installed, want: Fail, findings: []string{notStarted}},
		{
			name: "masked", overlay: "-- etc/systemd/system/ssh.service link=/dev/null --\n", change: installed, want: Fail,
			findings: []string{"fail  does not start at boot: masked are ssh.service"},
		},
		{
			name: "a socket whose service is masked", machine: "ubuntu-24.04", change: installed, want: Fail,
			overlay:  "-- etc/systemd/system/ssh.service link=/dev/null --\n",
			findings: []string{"fail  does not start at boot: masked are ssh.service"},
		},
		{
			name: "forbidden by Debian's file", overlay: "-- etc/ssh/sshd_not_to_be_run --\n", change: installed, want: Fail,
			findings: []string{"fail /etc/ssh/sshd_not_to_be_run this file keeps the server from starting"},
		},
		{
			name: "a database that is broken", change: packages(fakePackages{err: errBroken}), want: Error,
			findings: []string{onDebian}, err: "looking for package openssh-server: the database is broken",
		},
		{
			name: "disabled beside a database that is broken", overlay: sshDisabled, want: Fail,
			change: packages(fakePackages{err: errBroken}), findings: []string{notStarted}, err: "the database is broken",
		},
		{
			name: "a service manager that does not answer", want: Error, err: "the database is broken",
			change: both(installed, func(_ *testing.T, m *distro.Machine) { m.Units = silentUnits{} }),
		},
		{
			name: "a fifo for its configuration", change: installed, want: Error,
			overlay:  "-- etc/ssh/sshd_config removed --\n-- etc/ssh/sshd_config fifo --\n",
			findings: []string{onDebian}, err: "/etc/ssh/sshd_config: not a regular file",
		},
	})
}
