package clean_test

import "testing"

func TestIdentity(t *testing.T) {
	testStep(t, "identity", []row{
		{name: "clean"},
		{
			name: "what makes it this machine",
			dirt: "-- etc/machine-id mode=0444 --\n6c3f9a1e0b7d4f52a8c1d2e3f4051627\n-- var/lib/dbus/machine-id removed --\n-- var/lib/dbus/machine-id mode=0644 --\n6c3f9a1e0b7d4f52a8c1d2e3f4051627\n-- var/lib/systemd/random-seed mode=0600 --\n{{random 512}}\n" +
				"-- boot/efi/loader/random-seed --\nx\n-- var/lib/dhcp/dhclient.eth0.leases --\nx\n-- var/lib/dhclient/dhclient--eth0.lease --\nx\n-- var/lib/NetworkManager/internal-1-eth0.lease --\nx\n-- var/lib/dhcpcd/eth0.lease --\nx\n" +
				"-- etc/udev/rules.d/70-persistent-net.rules --\nx\n-- var/lib/dhcp/dhcpd.leases --\nthe server's\n-- var/lib/NetworkManager/secret_key --\nx\n-- etc/hostname --\nbuild\n-- etc/netplan/50-cloud-init.yaml --\nx\n" +
				"-- etc/udev/rules.d/75-persistent-net-generator.rules --\n",
			want: []string{
				"truncate /etc/machine-id 33", "truncate /var/lib/dbus/machine-id 33", "remove /var/lib/systemd/random-seed 513", "remove /boot/efi/loader/random-seed 2",
				"remove /var/lib/dhcp/dhclient.eth0.leases 2", "remove /var/lib/dhclient/dhclient--eth0.lease 2", "remove /var/lib/dhcpcd/eth0.lease 2", "remove /var/lib/NetworkManager/internal-1-eth0.lease 2",
				"remove /etc/udev/rules.d/70-persistent-net.rules 2",
			},
			left: "-- etc/machine-id mode=0444 --\n-- var/lib/dbus/machine-id removed --\n-- var/lib/dbus/machine-id --\n-- var/lib/systemd dir --\n-- boot/efi/loader dir --\n-- var/lib/dhclient dir --\n-- var/lib/dhcpcd dir --\n" +
				"-- var/lib/dhcp/dhcpd.leases --\nthe server's\n-- var/lib/NetworkManager/secret_key --\nx\n-- etc/hostname --\nbuild\n-- etc/netplan/50-cloud-init.yaml --\nx\n-- etc/udev/rules.d/75-persistent-net-generator.rules --\n",
		},
		{
			name: "an id that is no id, and D-Bus's link", dirt: "-- etc/machine-id --\nuninitialized\n-- var/lib/dbus/machine-id link=/etc/machine-id --\n",
			want: []string{"truncate /etc/machine-id 14"}, left: "-- var/lib/dbus/machine-id link=/etc/machine-id --\n",
		},
		{
			name: "what is in the way",
			hostile: "-- etc/machine-id link=/srv/canary --\n-- var/lib/dbus/machine-id link=OUTSIDE --\n-- var/lib/systemd/random-seed hardlink=srv/canary --\n-- var/lib/dhclient/a link=OUTSIDE --\n-- var/lib/dhclient/b fifo --\n-- var/lib/dhclient/c/d --\nx\n" +
				"-- etc/udev/rules.d/70-persistent-net.rules link=/dev/null --\n",
			want: []string{
				"leave /etc/machine-id (a link, left alone: without it the next boot would be taken for the first)",
				"unlink /var/lib/systemd/random-seed (a file with other names, which keep what it holds)",
				"unlink /var/lib/dhclient/a (a link, whose target stays)", "leave /var/lib/dhclient/b (a fifo, left alone)", "leave /var/lib/dhclient/c (a folder, left alone)",
			},
			left: "-- etc/machine-id link=/srv/canary --\n-- var/lib/dbus/machine-id link=OUTSIDE --\n-- var/lib/systemd dir --\n-- var/lib/dhclient/b fifo --\n-- var/lib/dhclient/c/d --\nx\n-- etc/udev/rules.d/70-persistent-net.rules link=/dev/null --\n",
		},
		{
			name: "an id under two names", hostile: "-- etc/machine-id hardlink=srv/canary --\n",
			want: []string{"leave /etc/machine-id (a file with other names, left alone: without it the next boot would be taken for the first)"},
			left: "-- etc/machine-id hardlink=srv/canary --\n",
		},
	})
}

func TestCloudInit(t *testing.T) {
	const vendors = "-- var/lib/cloud/scripts/per-instance/001_onboot mode=0755 --\nx\n-- var/lib/cloud/scripts/per-once/x --\nx\n-- var/lib/cloud/seed/nocloud/user-data --\nx\n-- var/lib/cloud/handlers/h.py --\nx\n-- var/lib/cloud/sem/config_scripts_per_once.once --\nx\n"
	const logs = "-- var/log/cloud-init.log removed --\n-- var/log/cloud-init-output.log removed --\n" // as the fixture has them, empty
	removed := []string{"remove /var/log/cloud-init.log 0", "remove /var/log/cloud-init-output.log 0"}
	testStep(t, "cloud-init", []row{
		{name: "its empty logs", want: removed, left: logs},
		{
			name: "its logs", dirt: "-- var/log/cloud-init.log --\nx\n-- var/log/cloud-init-output.log removed --\n-- var/log/cloud-init-output.log.1.gz --\nx\n-- var/log/cloud-initial.log --\nx\n",
			want: []string{"remove /var/log/cloud-init.log 2", "remove /var/log/cloud-init-output.log.1.gz 2"}, left: logs + "-- var/log/cloud-initial.log --\nx\n",
		},
		{
			name: "what it knows of the build droplet, and nothing of the vendor's",
			dirt: vendors + "-- var/lib/cloud/instance link=/var/lib/cloud/instances/512 --\n-- var/lib/cloud/instances/512/user-data.txt mode=0600 --\nx\n-- var/lib/cloud/instances/512/scripts/part-001 --\nx\n-- var/lib/cloud/instances/512/sem/config_ssh --\n" +
				"-- var/lib/cloud/data/instance-id --\nx\n-- var/lib/cloud/data/result.json --\nx\n",
			want: []string{
				"unlink /var/lib/cloud/instance (a link to what is known of the instance)",
				"remove /var/lib/cloud/instances/512/scripts/part-001 2", "remove /var/lib/cloud/instances/512/sem/config_ssh 0", "remove /var/lib/cloud/instances/512/user-data.txt 2",
				"remove-folder /var/lib/cloud/instances/512/sem", "remove-folder /var/lib/cloud/instances/512/scripts", "remove-folder /var/lib/cloud/instances/512",
				"remove /var/lib/cloud/data/instance-id 2", "remove /var/lib/cloud/data/result.json 2", removed[0], removed[1],
			},
			left: logs + vendors + "-- var/lib/cloud/instances dir --\n-- var/lib/cloud/data dir --\n",
		},
		{
			name: "an instance that is a folder", dirt: "-- var/lib/cloud/instance/user-data.txt --\nx\n",
			want: []string{"remove /var/lib/cloud/instance/user-data.txt 2", "remove-folder /var/lib/cloud/instance", removed[0], removed[1]}, left: logs + "-- var/lib/cloud dir --\n",
		},
		{
			name: "what is in the way", dirt: vendors,
			hostile: "-- var/lib/cloud/instance link=/srv --\n-- var/lib/cloud/instances/a link=../scripts --\n-- var/lib/cloud/instances/b hardlink=srv/canary --\n-- var/lib/cloud/instances/c fifo --\n-- var/lib/cloud/data/x link=OUTSIDE --\n",
			want: []string{
				"unlink /var/lib/cloud/instance (a link to what is known of the instance)", "unlink /var/lib/cloud/instances/a (a link, whose target stays)",
				"unlink /var/lib/cloud/instances/b (a file with other names, which keep what it holds)", "unlink /var/lib/cloud/instances/c (a fifo)", "unlink /var/lib/cloud/data/x (a link, whose target stays)", removed[0], removed[1],
			},
			left: logs + vendors + "-- var/lib/cloud/instances dir --\n-- var/lib/cloud/data dir --\n",
		},
	})
}

func TestCloudInitSemaphores(t *testing.T) {
	testStep(t, "cloud-init-semaphores", []row{
		{name: "clean"},
		{name: "all", dirt: "-- var/lib/cloud/sem/config_scripts_per_once.once --\nx\n", want: []string{"remove /var/lib/cloud/sem/config_scripts_per_once.once 2"}, left: "-- var/lib/cloud/sem dir --\n"},
		{
			name: "what is in the way", hostile: "-- var/lib/cloud/sem/a link=/srv/canary --\n-- var/lib/cloud/sem/b hardlink=srv/canary --\n",
			want: []string{"unlink /var/lib/cloud/sem/a (a link, whose target stays)", "unlink /var/lib/cloud/sem/b (a file with other names, which keep what it holds)"}, left: "-- var/lib/cloud/sem dir --\n",
		},
	})
}
