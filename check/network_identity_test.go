package check

import "testing"

func TestNetworkIdentity(t *testing.T) {
	const rendered = ", by cloud-init, which writes the file anew on every droplet"
	testCheck(t, networkIdentity(), []row{
		{name: "none", want: Pass},
		{
			name: "what fits every droplet", want: Pass,
			overlay: "-- var/lib/dhcp/dhclient.leases no-newline --\n" +
				"-- etc/netplan/01-dhcp.yaml --\nnetwork:\n  ethernets:\n    eth0:\n      dhcp4: true\n      # macaddress: '02:00:00:00:00:01'\n      nameservers:\n        addresses: [192.0.2.1]\n" +
				"-- etc/network/interfaces --\nauto lo\niface lo inet static\n  address 127.0.0.1\n# address 203.0.113.9\n" +
				"-- etc/sysconfig/network-scripts/ifcfg-lo --\nIPADDR=127.0.0.1\n-- etc/sysconfig/network-scripts/ifcfg-eth0 --\nHWADDR=\nBOOTPROTO=dhcp\n" +
				"-- etc/systemd/network/a.network --\n[Match]\nName=eth0\n[Network]\nDHCP=yes\n",
		},
		{
			name: "leases and rules", want: Warn,
			overlay: "-- var/lib/dhcp/dhclient.eth0.leases --\nlease {}\n-- var/lib/NetworkManager/internal-x-eth0.lease --\nx\n-- var/lib/dhcp/dhcpd.leases --\nthe vendor's\n" +
				"-- etc/udev/rules.d/70-persistent-net.rules --\nx\n",
			findings: []string{
				"warn /etc/udev/rules.d/70-persistent-net.rules binds interfaces to the build droplet's hardware addresses",
				"warn /var/lib/NetworkManager/internal-x-eth0.lease a DHCP client's memory of the build droplet's network",
				"warn /var/lib/dhcp/dhclient.eth0.leases a DHCP client's memory of the build droplet's network",
			},
		},
		{
			name: "pins and addresses", want: Warn,
			overlay: "-- etc/netplan/00-installer.yaml --\nnetwork:\n  ethernets:\n    eth0:\n      match:\n        macaddress: \"02:00:00:00:00:01\"\n      addresses:\n        - 203.0.113.20/20\n" +
				"-- etc/sysconfig/network-scripts/ifcfg-eth0 --\nHWADDR=02:00:00:00:00:01\nIPADDR=203.0.113.20\n" +
				"-- etc/NetworkManager/system-connections/eth0.nmconnection --\n[ethernet]\nmac-address=02:00:00:00:00:01\n[ipv4]\naddress1=203.0.113.20/20\n" +
				"-- etc/network/interfaces --\niface eth0 inet static\n  address 203.0.113.20\n  hwaddress ether 02:00:00:00:00:01\n" +
				"-- etc/systemd/network/a.network --\n[Match]\nMACAddress=02:00:00:00:00:01\n[Network]\nAddress=203.0.113.20/20\n",
			findings: []string{
				"warn /etc/NetworkManager/system-connections/eth0.nmconnection:2 bound to a hardware address",
				"warn /etc/NetworkManager/system-connections/eth0.nmconnection:4 a fixed address",
				"warn /etc/netplan/00-installer.yaml:5 bound to a hardware address",
				"warn /etc/netplan/00-installer.yaml:7 a fixed address",
				"warn /etc/network/interfaces:2 a fixed address",
				"warn /etc/network/interfaces:3 bound to a hardware address",
				"warn /etc/sysconfig/network-scripts/ifcfg-eth0:1 bound to a hardware address",
				"warn /etc/sysconfig/network-scripts/ifcfg-eth0:2 a fixed address",
				"warn /etc/systemd/network/a.network:2 bound to a hardware address",
				"warn /etc/systemd/network/a.network:4 a fixed address",
			},
		},
		{
			name: "what cloud-init writes anew", want: Pass,
			overlay: "-- etc/netplan/50-cloud-init.yaml --\nnetwork:\n  ethernets:\n    eth0:\n      match: {macaddress: '02:00:00:00:00:01'}\n      addresses: [203.0.113.20/20]\n" +
				"-- etc/sysconfig/network-scripts/ifcfg-eth0 --\n# Created by cloud-init on instance boot automatically, do not edit.\nHWADDR=02:00:00:00:00:01\n",
			findings: []string{
				"note /etc/netplan/50-cloud-init.yaml:4 bound to a hardware address" + rendered,
				"note /etc/netplan/50-cloud-init.yaml:5 a fixed address" + rendered,
				"note /etc/sysconfig/network-scripts/ifcfg-eth0:2 bound to a hardware address" + rendered,
			},
		},
		{name: "too large to be one", overlay: "-- etc/netplan/a.yaml size=2M --\n", want: Error, err: "reading the network's configuration"},
	})
}
