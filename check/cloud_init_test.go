package check

import (
	"testing"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

const noCloudInitMetadata = "-- usr/lib/python3/dist-packages removed --\n"

func TestCloudInit(t *testing.T) {
	unread := packages(fakePackages{err: distro.ErrNoReader})
	told := func(stdout, stderr string) func(*testing.T, *distro.Machine) {
		return both(unread, running(nil, programs{"cloud-init": host.Output{Stdout: []byte(stdout), Stderr: []byte(stderr)}}))
	}
	version := func(v string) func(*testing.T, *distro.Machine) { return packages(installedPackages("cloud-init", v)) }
	testCheck(t, cloudInit(), []row{
		{
			name: "the package's version", change: version("24.1.3-0ubuntu1~22.04.1"), want: Pass,
			findings: []string{"note /usr/bin/cloud-init version 24.1.3-0ubuntu1~22.04.1 (package cloud-init)"},
		},
		{
			name: "Ubuntu's split package", change: packages(installedPackages("cloud-init-base", "25.2-0ubuntu1")), want: Pass,
			findings: []string{"note /usr/bin/cloud-init version 25.2-0ubuntu1 (package cloud-init-base)"},
		},
		{
			name: "the egg-info, where the database has no reader", change: unread, want: Pass,
			findings: []string{"note /usr/bin/cloud-init version 22.4.2 (/usr/lib/python3/dist-packages/cloud_init-22.4.2.egg-info/PKG-INFO)"},
		},
		{
			name: "the dist-info", change: unread, want: Pass,
			overlay:  noCloudInitMetadata + "-- usr/lib/python3.13/site-packages/cloud_init-24.2.dist-info/METADATA --\nName: cloud-init\nVersion: 24.2\n",
			findings: []string{"note /usr/bin/cloud-init version 24.2 (/usr/lib/python3.13/site-packages/cloud_init-24.2.dist-info/METADATA)"},
		},
		{
			name: "the module itself", change: unread, want: Warn,
			overlay: noCloudInitMetadata + "-- usr/lib/python2.7/site-packages/cloudinit/version.py --\n__VERSION__ = '0.7.7'\n",
			findings: []string{"warn /usr/bin/cloud-init version 0.7.7 (/usr/lib/python2.7/site-packages/cloudinit/version.py)," +
				" older than the recommended 0.7.9"},
		},
		{
			name: "the program, on standard error", change: told("", "cloud-init 0.7.9\n"), want: Pass, overlay: noCloudInitMetadata,
			findings: []string{"note /usr/bin/cloud-init version 0.7.9 (the program)"},
		},
		{
			name: "the program, by its path", change: told("/usr/bin/cloud-init 22.4.2\n", ""), want: Pass, overlay: noCloudInitMetadata,
			findings: []string{"note /usr/bin/cloud-init version 22.4.2 (the program)"},
		},
		{
			name: "older than recommended", change: version("0.7.8-49-g9e904bb-0ubuntu1"), want: Warn,
			findings: []string{"warn /usr/bin/cloud-init version 0.7.8-49-g9e904bb-0ubuntu1 (package cloud-init), older than the recommended 0.7.9"},
		},
		{
			name: "just old enough", change: version("0.7.6"), want: Warn,
			findings: []string{"warn /usr/bin/cloud-init version 0.7.6 (package cloud-init), older than the recommended 0.7.9"},
		},
		{
			name: "before the required one", change: version("0.7.6~bzr976-2"), want: Fail,
			findings: []string{"fail /usr/bin/cloud-init version 0.7.6~bzr976-2 (package cloud-init), older than the required 0.7.6"},
		},
		{
			name: "too old", change: version("0.7.5-10.el6"), want: Fail,
			findings: []string{"fail /usr/bin/cloud-init version 0.7.5-10.el6 (package cloud-init), older than the required 0.7.6"},
		},
		{
			name: "a package without its program", overlay: "-- usr/bin/cloud-init removed --\n", change: version("22.4.2"), want: Fail,
			findings: []string{"fail  no executable program cloud-init in any folder of the PATH"},
		},
		{
			name: "a program that is not executable", overlay: "-- usr/bin/cloud-init mode=0644 --\n", change: version("22.4.2"), want: Fail,
			findings: []string{"fail  no executable program cloud-init in any folder of the PATH"},
		},
		{
			name: "a link that leads in a circle", want: Fail,
			overlay:  "-- usr/bin/cloud-init removed --\n-- usr/bin/cloud-init link=cloud-init --\n",
			findings: []string{"fail  no executable program cloud-init in any folder of the PATH"},
			err:      "too many levels of symbolic links",
		},
		{
			name: "a circle before the program", want: Pass,
			overlay:  "-- usr/local/bin/cloud-init link=cloud-init --\n",
			findings: []string{"note /usr/bin/cloud-init version 22.4.2-1+deb12u4 (package cloud-init)"},
		},
		{
			name: "nothing tells the version", overlay: noCloudInitMetadata, change: unread, want: Error,
			err: "/usr/bin/cloud-init: its version cannot be determined",
		},
		{
			name: "the program fails", overlay: noCloudInitMetadata, change: told("Traceback", ""), want: Error,
			err: "cloud-init --version: exit code 0 and no version",
		},
		{
			name: "a version that is none", change: version("git"), want: Error,
			err: `its version cannot be determined: "git" (package cloud-init)`,
		},
	})
}
