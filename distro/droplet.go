package distro

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// DropletVendor is how a droplet's DMI table names its maker.
const DropletVendor = "DigitalOcean"

// volumePattern matches the links by which a droplet's volumes are known.
const volumePattern = "/dev/disk/by-id/scsi-0DO_Volume_*"

// privateInterface is the one that a droplet's VPC network is on.
const privateInterface = "eth1"

// Droplet is what a running droplet shows of the features that it was made with.
type Droplet struct {
	// IPv6 are the interfaces with a public address of IPv6, sorted.
	IPv6 []string
	// VPC: it has an address in a VPC network, as every droplet since 2020.
	VPC bool
	// Volumes are the links to its volumes; MountedAtBoot the lines of FstabFile by
	// which one is mounted, from 1.
	Volumes       []string
	MountedAtBoot []int
	// Monitoring is the package of the agent that reports metrics, or empty.
	Monitoring string
}

// ErrNoDroplet says that the running machine is no droplet of DigitalOcean's.
var ErrNoDroplet = errors.New("the machine is no droplet")

// Droplet looks at a running droplet without asking anybody. ErrNoDroplet where the
// machine is none.
func (m *Machine) Droplet(ctx context.Context) (Droplet, error) {
	var d Droplet
	vendor, err := m.Facts.Vendor(ctx)
	switch {
	case err != nil:
		return d, err
	case vendor != DropletVendor:
		return d, ErrNoDroplet
	}
	interfaces, err := m.Facts.Interfaces(ctx)
	problems := []error{err}
	for name, addresses := range interfaces {
		if slices.ContainsFunc(addresses, publicIPv6) {
			d.IPv6 = append(d.IPv6, name)
		}
		d.VPC = d.VPC || name == privateInterface && len(addresses) > 0
	}
	slices.Sort(d.IPv6)
	links, err := m.Root.Glob(volumePattern)
	problems = append(problems, err)
	for _, link := range links {
		if !strings.Contains(path.Base(link), "-part") {
			d.Volumes = append(d.Volumes, link)
		}
	}
	entries, err := m.fstab()
	problems = append(problems, err)
	for _, e := range entries {
		if matched, _ := path.Match(volumePattern, e.source); matched { // the pattern is good
			d.MountedAtBoot = append(d.MountedAtBoot, e.line)
		}
	}
	problems = append(problems, m.monitoring(ctx, &d))
	if err := errors.Join(problems...); err != nil {
		return d, fmt.Errorf("looking at the droplet's features: %w", err)
	}
	return d, nil
}

func (m *Machine) monitoring(ctx context.Context, d *Droplet) error {
	p, found, err := m.Package(ctx, monitoringAgent)
	if found {
		d.Monitoring = p.Name
	}
	return err
}

// publicRange holds every address of IPv6 that is given out to the public (RFC 4291).
var publicRange = netip.MustParsePrefix("2000::/3")

// publicIPv6 reports whether an address in CIDR form is a public one of IPv6.
func publicIPv6(address string) bool {
	prefix, err := netip.ParsePrefix(address)
	return err == nil && publicRange.Contains(prefix.Addr())
}
