package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
}

// Files of the firewalls.
const (
	UFWConf        = "/etc/ufw/ufw.conf"
	ufwDefaults    = "/etc/default/ufw"
	firewalldConf  = "/etc/firewalld/firewalld.conf"
	csfConf        = "/etc/csf/csf.conf"
	csfDisabled    = "/etc/csf/csf.disable"
	firewallLimit  = 8 << 20
	firewalldZones = "/etc/firewalld/zones"
	trustedZone    = "trusted"
	publicZone     = "public" // the default where none is named
	nothingRefused = "its rules refuse nothing that comes in"
)

// firewallKind is how one firewall is known.
type firewallKind struct {
	name string
	// units load it at boot; the first one that is installed counts.
	units []string
	// files hold its rules; the first one that is there counts.
	files []string
	// idle says why the configuration refuses nothing, and which file says so.
	idle func(*Machine, []string) (config, why string, err error)
}

// firewallKinds lists the firewalls that the Marketplace's images use, the
// distributions' own first.
func firewallKinds() []firewallKind {
	return []firewallKind{
		{"ufw", []string{"ufw.service"}, []string{"/etc/ufw/user.rules", "/etc/ufw/user6.rules", "/lib/ufw/user.rules", "/var/lib/ufw/user.rules"}, (*Machine).ufwIdle},
		{"firewalld", []string{"firewalld.service"}, nil, (*Machine).firewalldIdle},
		{"nftables", []string{"nftables.service"}, []string{"/etc/nftables.conf", "/etc/sysconfig/nftables.conf"}, (*Machine).nftablesIdle},
		{"csf", []string{"csf.service"}, nil, (*Machine).csfIdle},
		// IPv6 rules alone leave the address open that every droplet has.
		{
			"iptables", []string{"netfilter-persistent.service", "iptables-persistent.service", "iptables.service"},
			[]string{"/etc/iptables/rules.v4", "/etc/sysconfig/iptables", "/etc/iptables/rules"}, (*Machine).iptablesIdle,
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
	return found, errors.Join(problems...)
}

func (m *Machine) firewall(ctx context.Context, kind firewallKind) (f Firewall, installed bool, err error) {
	f.Name = kind.name
	for _, unit := range kind.units {
		f.Unit = unit
		if f.State, err = m.Units.State(ctx, unit); err != nil || f.State.Installed {
			break
		}
	}
	if err != nil || !f.State.Installed {
		return f, false, err
	}
	if f.Config, f.Idle, err = kind.idle(m, kind.files); err != nil {
		return f, true, err
	}
	f.Running = f.State.Activity
	if f.Name == "ufw" && f.Running != host.ActivityUnknown {
		f.Running, err = m.ufwRunning(ctx)
	}
	return f, true, err
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
