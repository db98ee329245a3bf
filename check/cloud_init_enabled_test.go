package check

import (
	"testing"

	"imgcheck/distro"
)

func TestCloudInitEnabled(t *testing.T) {
	const wants = "-- etc/systemd/system/cloud-init.target.wants/"
	const noGenerator = "-- usr/lib/systemd/system-generators/cloud-init-generator removed --\n"
	unstarted := func(units, does string) string { return "fail  nothing starts " + units + ", for " + does }
	testCheck(t, cloudInitEnabled(), []row{
		{name: "the generator starts it", want: Pass},
		{name: "links of a target that every boot reaches start it", machine: "centos-7", overlay: noGenerator, want: Pass},
		{name: "one process for all stages", machine: "ubuntu-26.04", want: Pass},
		{
			name: "a link starts the target", want: Pass,
			overlay: noGenerator + "-- etc/systemd/system/multi-user.target.wants/cloud-init.target link=/usr/lib/systemd/system/cloud-init.target --\n",
		},
		{
			name: "the file that switches it off", overlay: "-- etc/cloud/cloud-init.disabled --\n", want: Fail,
			findings: []string{"fail /etc/cloud/cloud-init.disabled this file switches cloud-init off"},
		},
		{
			name: "its counterpart, which is stronger for an old release", want: Pass,
			overlay: "-- etc/cloud/cloud-init.disabled --\n-- etc/cloud/cloud-init.enabled --\n",
		},
		{
			name: "its counterpart, which is nothing to a newer one", machine: "ubuntu-24.04", want: Fail,
			overlay:  "-- etc/cloud/cloud-init.disabled --\n-- etc/cloud/cloud-init.enabled --\n",
			findings: []string{"fail /etc/cloud/cloud-init.disabled this file switches cloud-init off"},
		},
		{name: "such a link to nothing", overlay: "-- etc/cloud/cloud-init.disabled link=/gone --\n", want: Pass},
		{
			name: "arguments of the kernel, wherever they are", want: Fail,
			overlay: "-- etc/default/grub --\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet cloud-init=disabled\"\nGRUB_CMDLINE_LINUX='net.ifnames=0'\n" +
				"-- etc/default/grub.d/50.cfg --\nexport GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT console=ttyS0\"\n" +
				"-- boot/grub/grub.cfg --\nset timeout=5\n\tlinux\t/vmlinuz root=UUID=1 ro cloud-init=disabled\n" +
				"-- boot/loader/entries/a.conf --\ntitle x\noptions root=/dev/vda1 ci.di.policy=disabled\n-- etc/kernel/cmdline --\nroot=/dev/vda1 cloud-init=disabled\n" +
				"-- boot/grub2/grubenv --\n# GRUB Environment Block\nkernelopts=root=/dev/vda1 cloud-init=disabled\n###\n",
			findings: []string{
				"fail /boot/grub/grub.cfg:2 the kernel's argument cloud-init=disabled switches cloud-init off",
				"fail /boot/grub2/grubenv:2 the kernel's argument cloud-init=disabled switches cloud-init off",
				"fail /boot/loader/entries/a.conf:2 the kernel's argument ci.di.policy=disabled switches cloud-init off",
				"fail /etc/default/grub:1 the kernel's argument cloud-init=disabled switches cloud-init off once the boot loader's configuration is made again",
				"fail /etc/kernel/cmdline:1 the kernel's argument cloud-init=disabled switches cloud-init off once the boot loader's configuration is made again",
			},
		},
		{
			name: "arguments that do not hold", want: Pass,
			overlay: "-- etc/default/grub --\n#GRUB_CMDLINE_LINUX=cloud-init=disabled\nGRUB_CMDLINE_LINUX=\"cloud-init=disabled\"\nGRUB_CMDLINE_LINUX=\"quiet\"\n" +
				"GRUB_CMDLINE_LINUX_RECOVERY=cloud-init=disabled\n-- boot/grub/grub.cfg --\n# linux /vmlinuz cloud-init=disabled\nmenuentry 'cloud-init=disabled' {\n" +
				"linux /vmlinuz cloud-init=enabled ci.di.policy=search,found=all\n}\n-- proc/cmdline --\ncloud-init=disabled\n",
		},
		{
			name: "the running kernel's", change: running(nil, nil), overlay: "-- proc/cmdline --\nroot=/dev/vda1 cloud-init=disabled\n", want: Fail,
			findings: []string{"fail /proc/cmdline:1 the kernel's argument cloud-init=disabled switches cloud-init off"},
		},
		{
			name: "masked units", overlay: "-- etc/systemd/system/cloud-init.service link=/dev/null --\n-- etc/systemd/system/cloud-final.service --\n", want: Fail,
			findings: []string{
				"fail  cloud-init.service is masked, which does the SSH keys",
				"fail  cloud-final.service is masked, which does the first-boot scripts",
			},
		},
		{
			name: "a masked target", overlay: "-- etc/systemd/system/cloud-init.target link=/dev/null --\n", want: Fail,
			findings: []string{"fail  cloud-init.target is masked"},
		},
		{
			name: "units that nothing starts", want: Fail, overlay: wants + "cloud-init.service removed --\n" + wants + "cloud-init-local.service removed --\n" +
				wants + "cloud-config.service removed --\n",
			findings: []string{unstarted("cloud-init-local.service", "the network"), unstarted("cloud-init-network.service or cloud-init.service", "the SSH keys")},
		},
		{
			name: "no unit at all", want: Fail, overlay: "-- etc/systemd/system/cloud-init.target.wants removed --\n",
			findings: []string{
				unstarted("cloud-init-local.service", "the network"), unstarted("cloud-init-network.service or cloud-init.service", "the SSH keys"),
				unstarted("cloud-config.service", "the configuration"), unstarted("cloud-final.service", "the first-boot scripts"),
			},
		},
		{
			name: "the one process is not started", machine: "ubuntu-26.04", overlay: wants + "cloud-init-main.service removed --\n", want: Fail,
			findings: []string{unstarted("cloud-init-main.service", "all stages")},
		},
		{
			name: "no generator", overlay: noGenerator, want: Fail,
			findings: []string{"fail  nothing starts cloud-init.target: systemd's generator cloud-init-generator is missing"},
		},
		{
			name: "a masked generator", overlay: "-- etc/systemd/system-generators/cloud-init-generator link=/dev/null --\n", want: Fail,
			findings: []string{"fail /etc/systemd/system-generators/cloud-init-generator is no program, so that nothing starts cloud-init.target"},
		},
		{
			name: "a generator that cannot run", overlay: "-- usr/lib/systemd/system-generators/cloud-init-generator mode=0644 --\n", want: Fail,
			findings: []string{"fail /usr/lib/systemd/system-generators/cloud-init-generator is not executable, so that nothing starts cloud-init.target"},
		},
		{
			name: "a policy", overlay: "-- etc/cloud/ds-identify.cfg --\n# x\npolicy: search\n policy : \"found=all,disabled\"# y\n", want: Fail,
			findings: []string{"fail /etc/cloud/ds-identify.cfg:3 this policy switches cloud-init off"},
		},
		{name: "a policy that does not", overlay: "-- etc/cloud/ds-identify.cfg --\npolicy: disabled\npolicy: search,notfound=disabled\n", want: Pass},
		{name: "not installed", overlay: "-- usr/bin/cloud-init removed --\n", want: Skip, err: "cloud-init is not installed, see the check cloud-init"},
		{name: "a policy that cannot be read", overlay: "-- etc/cloud/ds-identify.cfg fifo --\n", want: Error, err: "/etc/cloud/ds-identify.cfg: not a regular file"},
		{
			name: "a boot loader's file that cannot be read beside the marker", overlay: "-- boot/grub/grub.cfg fifo --\n-- etc/cloud/cloud-init.disabled --\n", want: Fail,
			findings: []string{"fail /etc/cloud/cloud-init.disabled this file switches cloud-init off"},
			err:      "/boot/grub/grub.cfg: not a regular file",
		},
		{
			name: "the service manager is silent", want: Error, err: "the database is broken",
			change: func(_ *testing.T, m *distro.Machine) { m.Units = silentUnits{} },
		},
	})
}
