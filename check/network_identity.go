package check

import (
	"context"
	"errors"

	"imgcheck/distro"
)

func networkIdentity() *Check {
	return &Check{
		ID:       "network-identity",
		Category: "identity",
		Title:    "The network is not that of the build droplet",
		Found:    "%d trace of the build droplet's network|%d traces of the build droplet's network",
		Doc: "Leases that DHCP clients remember name the build droplet's addresses. A rule that binds an interface to its hardware address, or a pin to that in the configuration of netplan, NetworkManager, " +
			"systemd-networkd, ifupdown or ifcfg files, leaves another droplet without a network, and a fixed address there belongs to somebody else. " +
			"What cloud-init has written itself it writes anew on every droplet: that is noted.",
		Sources: []string{
			"https://docs.cloud-init.io/en/latest/reference/network-config.html",
			"https://libguestfs.org/virt-sysprep.1.html",
			"https://systemd.io/BUILDING_IMAGES/",
		},
		Remedy: "Run \"imgcheck clean --only identity\" for leases and rules. Take a hardware address or a fixed address out of the configuration yourself, or delete the file where cloud-init writes one of its own: " +
			"a wrong network is worse than a warning.",
		FixedBy: []string{"identity"},
		Run:     judgeNetworkIdentity,
	}
}

func judgeNetworkIdentity(_ context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	leases, err := filled(m, distro.DHCPLeases()...)
	for _, f := range leases {
		findings = append(findings, Finding{Level: LevelWarn, Path: f.Path, Message: "a DHCP client's memory of the build droplet's network"})
	}
	rules, rulesErr := filled(m, distro.NetRules()...)
	for _, f := range rules {
		findings = append(findings, Finding{Level: LevelWarn, Path: f.Path, Message: "binds interfaces to the build droplet's hardware addresses"})
	}
	bindings, bindErr := m.NetworkBindings()
	for _, b := range bindings {
		findings = append(findings, bindingFinding(b))
	}
	return findings, looking("at the network", errors.Join(err, rulesErr, bindErr))
}

func bindingFinding(b distro.NetworkBinding) Finding {
	f := Finding{Level: LevelWarn, Path: b.Path, Line: b.Line, Message: "a fixed address"}
	if b.Pin {
		f.Message = "bound to a hardware address"
	}
	if b.Rendered {
		f.Level = LevelNote
		f.Message += ", by cloud-init, which writes the file anew on every droplet"
	}
	return f
}
