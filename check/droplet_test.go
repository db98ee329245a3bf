package check

import (
	"context"
	"testing"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func TestDiskSize(t *testing.T) {
	disk := func(size uint64, err error) func(*testing.T, *distro.Machine) {
		return func(_ *testing.T, m *distro.Machine) {
			m.Live = true
			m.Facts.RootDisk = func(context.Context) (string, uint64, error) { return "vda", size, err }
		}
	}
	testCheck(t, diskSize(Usual()), []row{
		{name: "the $6 droplet's", change: disk(25<<30, nil), want: Pass, findings: []string{"note  the disk vda has 25.0 GiB"}},
		{name: "a sector more", change: disk(25<<30+512, nil), want: Warn, findings: []string{"warn  the disk vda has 25.0 GiB, which is over 25 GiB"}},
		{name: "the $12 droplet's", change: disk(50<<30, nil), want: Warn, findings: []string{"warn  the disk vda has 50.0 GiB, which is over 25 GiB"}},
		{name: "a container", change: disk(0, host.ErrNoDisk), want: Skip, err: "the root file system is on no disk"},
		{name: "the kernel does not tell", change: disk(0, errBroken), want: Error, err: "the database is broken"},
		{name: "a tree", want: Skip, err: "needs the running machine"},
	})
}

func TestDropletFeatures(t *testing.T) {
	droplet := func(vendor string, interfaces map[string][]string, err error) func(*testing.T, *distro.Machine) {
		return func(_ *testing.T, m *distro.Machine) {
			m.Live = true
			m.Facts.Vendor = func(context.Context) (string, error) { return vendor, nil }
			m.Facts.Interfaces = func(context.Context) (map[string][]string, error) { return interfaces, err }
		}
	}
	plain := map[string][]string{
		"lo": {"127.0.0.1/8", "::1/128"}, "eth0": {"203.0.113.7/20", "10.17.0.5/16", "fe80::1/64"}, "docker0": {"fd00::1/8", "nonsense"},
	}
	full := map[string][]string{"eth0": {"2604:a880::1/64"}, "eth1": {"10.116.0.2/20"}}
	testCheck(t, dropletFeatures(), []row{
		{name: "none", change: droplet("DigitalOcean", plain, nil), want: Pass},
		{
			name: "a private network, as all have", want: Pass, change: droplet("DigitalOcean", map[string][]string{"eth1": {"10.116.0.2/20"}}, nil),
			findings: []string{"note  a private network (VPC), as every droplet has"},
		},
		{
			name: "all of them", want: Warn, change: both(packages(installedPackages("do-agent", "3.16.0")), droplet("DigitalOcean", full, nil)),
			overlay: "-- dev/disk/by-id/scsi-0DO_Volume_data link=../../sda --\n-- dev/disk/by-id/scsi-0DO_Volume_data-part1 link=../../sda1 --\n" +
				"-- etc/fstab append --\n/dev/disk/by-id/scsi-0DO_Volume_data /mnt/data ext4 defaults 0 0\n",
			findings: []string{
				"warn  monitoring: the package do-agent is installed",
				"warn  IPv6: a public address on eth0",
				"warn /dev/disk/by-id/scsi-0DO_Volume_data a volume is attached",
				"warn /etc/fstab:2 mounts a volume that no customer's droplet has",
				"note  a private network (VPC), as every droplet has",
			},
		},
		{name: "no droplet", change: droplet("QEMU", full, nil), want: Skip, err: "the machine is no droplet"},
		{name: "a tree", want: Skip, err: "needs the running machine"},
		{
			name: "the interfaces are not told", change: droplet("DigitalOcean", nil, errBroken), want: Error,
			overlay:  "-- dev/disk/by-id/scsi-0DO_Volume_data link=../../sda --\n",
			findings: []string{"warn /dev/disk/by-id/scsi-0DO_Volume_data a volume is attached"},
			err:      "looking at the droplet's features: the database is broken",
		},
	})
}
