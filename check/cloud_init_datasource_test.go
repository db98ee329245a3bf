package check

import "testing"

func TestCloudInitDatasource(t *testing.T) {
	const noList = "-- etc/cloud/cloud.cfg.d/90_dpkg.cfg removed --\n"
	const parts = "etc/cloud/cloud.cfg.d/"
	const neither = " datasource_list has neither DigitalOcean nor ConfigDrive, which a droplet's metadata comes from"
	testCheck(t, cloudInitDatasource(), []row{
		{name: "Debian's list", want: Pass},
		{name: "DigitalOcean's list", machine: "rocky-9", want: Pass},
		{name: "no list: all are tried", overlay: noList, want: Pass},
		{
			name: "None alone, in the last file", overlay: "-- " + parts + "99.cfg --\n# x\ndatasource_list: [ None ]\n", want: Warn,
			findings: []string{"warn /etc/cloud/cloud.cfg.d/99.cfg:2" + neither},
		},
		{name: "None, and a later file that says otherwise", overlay: "-- " + parts + "10.cfg --\ndatasource_list: [ None ]\n", want: Pass},
		{
			name: "other clouds, in the main file", overlay: noList + "-- etc/cloud/cloud.cfg append --\ndatasource_list:\n  - Ec2\n  - digitalocean\n", want: Warn,
			findings: []string{"warn /etc/cloud/cloud.cfg:48" + neither},
		},
		{name: "DigitalOcean alone", overlay: "-- " + parts + "99.cfg --\ndatasource_list: DigitalOcean\n", want: Pass},
		{
			name: "a list of nothing", overlay: "-- " + parts + "99.cfg --\ndatasource_list:\n", want: Warn,
			findings: []string{"warn /etc/cloud/cloud.cfg.d/99.cfg:1" + neither},
		},
		{
			name: "what installers leave", want: Warn,
			overlay: "-- " + parts + "99-installer.cfg --\ndatasource_list: [None]\ndatasource:\n  None: {userdata_raw: x}\n-- " + parts + "curtin-preserve-sources.cfg --\n" +
				"-- " + parts + "subiquity-disable-cloudinit-networking.cfg --\nnetwork: {config: disabled}\n",
			findings: []string{
				"warn /etc/cloud/cloud.cfg.d/99-installer.cfg is what an installer leaves behind",
				"warn /etc/cloud/cloud.cfg.d/99-installer.cfg:1" + neither,
				"warn /etc/cloud/cloud.cfg.d/curtin-preserve-sources.cfg is what an installer leaves behind",
				"warn /etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg is what an installer leaves behind",
				"warn /etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg:1 cloud-init is told to leave the network alone, so that a droplet gets none of its addresses",
			},
		},
		{
			name: "a fixed source", overlay: "-- etc/cloud/ds-identify.cfg --\ndatasource: Ec2\n", want: Warn,
			findings: []string{"warn /etc/cloud/ds-identify.cfg:1 a source that is neither DigitalOcean nor ConfigDrive is fixed"},
		},
		{
			name: "sources fixed by the kernel", want: Warn,
			overlay: "-- etc/cloud/ds-identify.cfg --\ndatasource: 'DigitalOcean'\n-- boot/grub/grub.cfg --\nlinux /vmlinuz ds=nocloud;s=http://10.0.0.1/ ci.ds=ConfigDrive ci.datasource=None\n",
			findings: []string{
				"warn /boot/grub/grub.cfg:1 the kernel's argument ds fixes a source that no droplet has",
				"warn /boot/grub/grub.cfg:1 the kernel's argument ci.datasource fixes a source that no droplet has",
			},
		},
		{
			name: "a seed", overlay: "-- var/lib/cloud/seed/nocloud-net/meta-data --\n-- var/lib/cloud/seed/nocloud-net/user-data --\n-- var/lib/cloud/seed/nocloud/user-data --\n", want: Warn,
			findings: []string{"warn /var/lib/cloud/seed/nocloud-net holds metadata that droplets would take for their own"},
		},
		{
			name: "a seed that nothing reads", machine: "rocky-9", want: Pass,
			overlay: "-- var/lib/cloud/seed/nocloud/meta-data --\n-- var/lib/cloud/seed/nocloud/user-data --\n",
		},
		{
			name: "a file that is no YAML", overlay: "-- " + parts + "99.cfg --\npassword: [hunter2\n", want: Error,
			err: "reading cloud-init's configuration: /etc/cloud/cloud.cfg.d/99.cfg is not one YAML document",
		},
		{
			name: "a policy that cannot be read beside a seed", want: Error, err: "/etc/cloud/ds-identify.cfg: not a regular file",
			overlay:  "-- etc/cloud/ds-identify.cfg fifo --\n-- var/lib/cloud/seed/nocloud/meta-data --\n-- var/lib/cloud/seed/nocloud/user-data --\n",
			findings: []string{"warn /var/lib/cloud/seed/nocloud holds metadata that droplets would take for their own"},
		},
	})
}
