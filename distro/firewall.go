package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// Firewall is one installed firewall: what its files say, and whether it runs.
type Firewall struct {
	// Name is "ufw", "firewalld", "nftables", "csf" or "iptables".
	Name string
	// Unit is what loads it at boot, State the unit's state on disk and on the bus.
	Unit  string
	State host.UnitState
	// Config is the file that decides what it does, and Idle why that makes it refuse
	// nothing; Idle is empty where it refuses something.
	Config, Idle string
	// Running is whether it filters now, ActivityUnknown where no service manager runs.
	Running host.Activity
	// Flushed: it runs, and the kernel refuses nothing all the same.
	Flushed bool
	// OpenIPv6: its rules are for IPv4 alone.
	OpenIPv6 bool
}

// Files of the firewalls.
const (
	UFWConf        = "/etc/ufw/ufw.conf"
	ufwDefaults    = "/etc/default/ufw"
	firewalldConf  = "/etc/firewalld/firewalld.conf"
	csfConf        = "/etc/csf/csf.conf"
	csfDisabled    = "/etc/csf/csf.disable"
	firewallLimit  = 8 << 20
	trustedZone    = "trusted"
	publicZone     = "public" // the default where none is named
	nothingRefused = "its rules refuse nothing that comes in"
)

// firewalldZones hold firewalld's zones, the machine's own first.
var firewalldZones = [...]string{"/etc/firewalld/zones", "/usr/lib/firewalld/zones"}

// firewallKind is how one firewall is known.
type firewallKind struct {
	name string
	// units load it at boot; the first one that is installed counts.
	units []string
	// files hold its rules; the first one that is there counts.
	files []string
	// idle says why the configuration refuses nothing, and which file says so.
	idle func(*Machine, []string) (config, why string, err error)
	// ipv6 is its counterpart for IPv6, where there is one.
	ipv6 *firewallKind
}

// firewallKinds lists the firewalls that the Marketplace's images use, the
// distributions' own first.
func firewallKinds() []firewallKind {
	return []firewallKind{
		{
			name: "ufw", units: []string{"ufw.service"}, idle: (*Machine).ufwIdle,
			files: []string{"/etc/ufw/user.rules", "/etc/ufw/user6.rules", "/lib/ufw/user.rules", "/var/lib/ufw/user.rules"},
		},
		{name: "firewalld", units: []string{"firewalld.service"}, idle: (*Machine).firewalldIdle},
		{
			name: "nftables", units: []string{"nftables.service"}, idle: (*Machine).nftablesIdle,
			files: []string{"/etc/nftables.conf", "/etc/sysconfig/nftables.conf"},
		},
		{name: "csf", units: []string{"csf.service"}, idle: (*Machine).csfIdle},
		{
			name: "iptables", units: []string{"netfilter-persistent.service", "iptables-persistent.service", "iptables.service"},
			files: []string{"/etc/iptables/rules.v4", "/etc/sysconfig/iptables", "/etc/iptables/rules"}, idle: (*Machine).iptablesIdle,
			// IPv6 rules alone leave the address open that every droplet has.
			ipv6: &firewallKind{
				units: []string{"netfilter-persistent.service", "iptables-persistent.service", "ip6tables.service"},
				files: []string{"/etc/iptables/rules.v6", "/etc/sysconfig/ip6tables"}, idle: (*Machine).iptablesIdle,
			},
		},
	}
}

// Firewalls returns the installed firewalls in the order ufw, firewalld, nftables,
// csf, iptables. Those that could be judged are returned beside an error that names
// what could not be read.
func (m *Machine) Firewalls(ctx context.Context) ([]Firewall, error) {
	var found []Firewall
	var problems []error
	for _, kind := range firewallKinds() {
		f, installed, err := m.firewall(ctx, kind)
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("looking at the firewall %s: %w", kind.name, err))
		case installed:
			found = append(found, f)
		}
	}
	now, err := m.PacketFilter(ctx)
	if now.Known {
		compareWithKernel(found, now)
	}
	return found, errors.Join(append(problems, err)...)
}

// compareWithKernel corrects what units say of firewalls by what the kernel does. A
// unit that loads rules and ends says nothing of rules that were loaded by hand, or
// flushed, since.
func compareWithKernel(found []Firewall, now PacketFilter) {
	running := slices.ContainsFunc(found, func(f Firewall) bool { return f.Running == host.Active })
	for i := range found {
		f := &found[i]
		loads := f.Name == "nftables" || f.Name == "iptables"
		switch {
		case f.Running == host.Active:
			f.Flushed = !now.Refuses
		case now.Refuses && !running && loads && f.Running == host.Inactive && f.State.Enabled && f.Idle == "":
			f.Running = host.Active
		}
	}
}

func (m *Machine) firewall(ctx context.Context, kind firewallKind) (f Firewall, installed bool, err error) {
	f.Name = kind.name
	if f.Unit, f.State, err = m.firstUnit(ctx, kind.units); err != nil || !f.State.Installed {
		return f, false, err
	}
	if f.Config, f.Idle, err = kind.idle(m, kind.files); err != nil {
		return f, true, err
	}
	f.Running = f.State.Activity
	if f.Name == "ufw" && f.Running != host.ActivityUnknown {
		f.Running, err = m.ufwRunning(ctx)
	}
	if kind.ipv6 == nil || err != nil {
		return f, true, err
	}
	_, state, err := m.firstUnit(ctx, kind.ipv6.units)
	if err != nil {
		return f, true, err
	}
	_, idle, err := kind.ipv6.idle(m, kind.ipv6.files)
	f.OpenIPv6 = idle != "" || !state.Enabled
	return f, true, err
}

// firstUnit returns the first of the units that is installed, the last one where none is.
func (m *Machine) firstUnit(ctx context.Context, units []string) (unit string, state host.UnitState, err error) {
	for _, unit = range units {
		if state, err = m.Units.State(ctx, unit); err != nil || state.Installed {
			break
		}
	}
	return unit, state, err
}

// ufwRunning asks the tool: its unit is active also where ufw is switched off, and
// inactive where "ufw enable" came after the boot.
func (m *Machine) ufwRunning(ctx context.Context) (host.Activity, error) {
	out, err := m.Exec.Run(ctx, host.Command{Name: "ufw", Args: []string{"status"}})
	if errors.Is(err, host.ErrNoProgram) {
		return host.Inactive, nil
	}
	if err != nil {
		return host.ActivityUnknown, err
	}
	if out.ExitCode == 0 {
		switch line, _, _ := strings.Cut(string(out.Stdout), "\n"); line {
		case "Status: active":
			return host.Active, nil
		case "Status: inactive":
			return host.Inactive, nil
		}
	}
	return host.ActivityUnknown, fmt.Errorf("ufw status: exit code %d and no status", out.ExitCode)
}

// firewallFile reads a configuration file; ok is false where there is none.
func (m *Machine) firewallFile(name string) (data []byte, ok bool, err error) {
	data, err = m.Root.ReadFile(name, firewallLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// firstFile reads the first of the files that is there; name is empty where none is.
func (m *Machine) firstFile(names []string) (name string, data []byte, err error) {
	for _, name := range names {
		data, ok, err := m.firewallFile(name)
		if ok || err != nil {
			return name, data, err
		}
	}
	return "", nil, nil
}
