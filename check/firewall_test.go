package check

import (
	"maps"
	"testing"

	"imgcheck/internal/host"
)

const (
	noUFW   = "-- usr/lib/systemd/system/ufw.service removed --\n-- usr/sbin/ufw removed --\n"
	nftUnit = "-- usr/lib/systemd/system/nftables.service --\n[Install]\nWantedBy=sysinit.target\n" +
		"-- etc/systemd/system/sysinit.target.wants/nftables.service link=/usr/lib/systemd/system/nftables.service --\n"
	savedRules = "-- usr/lib/systemd/system/netfilter-persistent.service --\n[Service]\n" +
		"-- etc/systemd/system/multi-user.target.wants/netfilter-persistent.service link=/usr/lib/systemd/system/netfilter-persistent.service --\n"
	csf = "-- usr/lib/systemd/system/csf.service --\n[Service]\n" +
		"-- etc/systemd/system/multi-user.target.wants/csf.service link=/usr/lib/systemd/system/csf.service --\n" +
		"-- etc/csf/csf.conf --\n# Testing flag\nTESTING = \"0\"\n"
	noFirewalld = "-- usr/lib/systemd/system/firewalld.service removed --\n-- usr/lib/systemd/system/nftables.service removed --\n"
)

// atBoot is how a firewall that counts is described in a tree.
func atBoot(file, name string) []string {
	return []string{"note " + file + " " + name + ": enabled at boot; whether it runs now was not looked at"}
}

func TestFirewallOnDisk(t *testing.T) {
	testCheck(t, firewall(), []row{
		{name: "ufw", want: Pass, findings: atBoot("/etc/ufw/ufw.conf", "ufw")},
		{name: "firewalld", machine: "rocky-9", want: Pass, findings: atBoot("/etc/firewalld/firewalld.conf", "firewalld")},
		{name: "nftables", machine: "debian-11", want: Pass, findings: atBoot("/etc/nftables.conf", "nftables")},
		{
			name: "nftables with its rules in an included file", overlay: noUFW + nftUnit + "-- etc/nftables.conf --\ninclude \"/etc/nftables.d/*.nft\"\n" +
				"-- etc/nftables.d/10.nft --\nadd table ip f\nadd chain ip f in { type filter hook input priority 0; }\nadd rule ip f in tcp dport 23 reject\n",
			want: Pass, findings: atBoot("/etc/nftables.conf", "nftables"),
		},
		{name: "csf", machine: "rocky-9", overlay: noFirewalld + csf, want: Pass, findings: atBoot("/etc/csf/csf.conf", "csf")},
		{
			name: "iptables-persistent", want: Pass, findings: atBoot("/etc/iptables/rules.v4", "iptables"),
			overlay: noUFW + savedRules + "-- etc/iptables/rules.v4 --\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n" +
				"-- etc/iptables/rules.v6 --\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
		},
		{
			name: "iptables for IPv4 alone", want: Pass,
			overlay:  noUFW + savedRules + "-- etc/iptables/rules.v4 --\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
			findings: []string{"note /etc/iptables/rules.v4 iptables: enabled at boot; whether it runs now was not looked at; it refuses nothing over IPv6"},
		},
		{
			name: "two firewalls", overlay: nftUnit + "-- etc/nftables.conf --\ntable inet f { chain in { type filter hook input priority 0; policy drop; } }\n", want: Pass,
			findings: append([]string{"note  ufw and nftables come back at a boot, and may undo each other's rules"},
				append(atBoot("/etc/nftables.conf", "nftables"), atBoot("/etc/ufw/ufw.conf", "ufw")...)...),
		},
		{
			name: "one firewall beside one that is off", overlay: nftUnit + "-- etc/nftables.conf --\nflush ruleset\n", want: Pass,
			findings: atBoot("/etc/ufw/ufw.conf", "ufw"),
		},
		{
			name: "none", overlay: noUFW, want: Warn,
			findings: []string{"warn  none of ufw, firewalld, nftables, csf and iptables is set up"},
		},
		{
			name: "ufw enabled by systemctl alone", overlay: "-- etc/ufw/ufw.conf --\nENABLED=yes\nENABLED=no # later\n", want: Warn,
			findings: []string{`warn /etc/ufw/ufw.conf ufw: installed, but ENABLED is not "yes" (ufw --force enable sets it)`},
		},
		{
			name: "ufw whose unit is not enabled", overlay: "-- etc/systemd/system/multi-user.target.wants/ufw.service removed --\n", want: Warn,
			findings: []string{"warn /etc/ufw/ufw.conf ufw: installed, but ufw.service is not enabled"},
		},
		{
			name: "ufw masked", overlay: "-- etc/systemd/system/ufw.service link=/dev/null --\n", want: Warn,
			findings: []string{"warn /etc/ufw/ufw.conf ufw: installed, but ufw.service is masked"},
		},
		{
			name: "ufw without a file that it needs", overlay: "-- etc/default/ufw removed --\n", want: Warn,
			findings: []string{"warn /etc/default/ufw ufw: installed, but this file is missing, and nothing is loaded without it"},
		},
		{
			name: "ufw that takes everything", overlay: "-- etc/default/ufw --\nDEFAULT_INPUT_POLICY=\"ACCEPT\"\n", want: Warn,
			findings: []string{"warn /etc/default/ufw ufw: installed, but DEFAULT_INPUT_POLICY is ACCEPT, and no rule refuses anything"},
		},
		{
			name: "firewalld with a zone that takes everything", machine: "rocky-9", want: Warn,
			overlay: "-- etc/firewalld/zones/public.xml --\n<?xml version=\"1.0\"?>\n<zone\n target='ACCEPT'>\n</zone>\n" +
				"-- usr/lib/systemd/system/nftables.service removed --\n",
			findings: []string{"warn /etc/firewalld/zones/public.xml firewalld: installed, but the default zone takes everything"},
		},
		{
			name: "firewalld with a shipped zone that takes everything", machine: "rocky-9", want: Warn,
			overlay: "-- etc/firewalld/firewalld.conf --\nDefaultZone=nm-shared\n-- usr/lib/firewalld/zones/nm-shared.xml --\n<zone target=\"ACCEPT\">\n" +
				"-- usr/lib/systemd/system/nftables.service removed --\n",
			findings: []string{"warn /usr/lib/firewalld/zones/nm-shared.xml firewalld: installed, but the default zone takes everything"},
		},
		{
			name: "firewalld with the public interface in a zone that takes everything", machine: "rocky-9", want: Warn,
			overlay: "-- etc/firewalld/zones/trusted.xml --\n<zone target=\"ACCEPT\">\n  <interface name=\"eth0\"/>\n</zone>\n" +
				"-- usr/lib/systemd/system/nftables.service removed --\n",
			findings: []string{"warn /etc/firewalld/zones/trusted.xml firewalld: installed, but this zone takes everything, and the public interface is in it"},
		},
		{
			name: "firewalld with Docker's interface in one", machine: "rocky-9", want: Pass, findings: atBoot("/etc/firewalld/firewalld.conf", "firewalld"),
			overlay: "-- etc/firewalld/zones/docker.xml --\n<zone target=\"ACCEPT\">\n  <interface name=\"docker0\"/>\n</zone>\n",
		},
		{
			name: "firewalld that trusts everybody", machine: "rocky-9", want: Warn,
			overlay:  "-- etc/firewalld/firewalld.conf --\nDefaultZone=trusted\n-- usr/lib/systemd/system/nftables.service removed --\n",
			findings: []string{"warn /etc/firewalld/firewalld.conf firewalld: installed, but the default zone is trusted, which takes everything"},
		},
		{
			name: "nftables with Debian's empty chains", overlay: noUFW + nftUnit + "-- etc/nftables.conf --\nflush ruleset\n" +
				"table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter;\n\t}\n}\n",
			want: Warn, findings: []string{"warn /etc/nftables.conf nftables: installed, but its rules refuse nothing that comes in"},
		},
		{
			name: "csf in testing mode", machine: "rocky-9", overlay: noFirewalld + csf + "TESTING = \"1\"\n", want: Warn,
			findings: []string{`warn /etc/csf/csf.conf csf: installed, but TESTING is not "0", so the rules are taken back after some minutes`},
		},
		{
			name: "csf switched off", machine: "rocky-9", overlay: noFirewalld + csf + "-- etc/csf/csf.disable --\n", want: Warn,
			findings: []string{"warn /etc/csf/csf.disable csf: installed, but this file switches it off"},
		},
		{
			name: "iptables that accepts everything", overlay: noUFW + savedRules + "-- etc/iptables/rules.v4 --\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n",
			want: Warn, findings: []string{"warn /etc/iptables/rules.v4 iptables: installed, but its rules refuse nothing that comes in"},
		},
		{
			name: "iptables without saved rules, ufw disabled", overlay: savedRules + "-- etc/ufw/ufw.conf --\nENABLED=no\n", want: Warn,
			findings: []string{
				"warn  iptables: installed, but no rules are saved",
				`warn /etc/ufw/ufw.conf ufw: installed, but ENABLED is not "yes" (ufw --force enable sets it)`,
			},
		},
		{
			name: "a configuration that cannot be read", overlay: "-- etc/ufw/ufw.conf removed --\n-- etc/ufw/ufw.conf fifo --\n", want: Error,
			err: "looking at the firewall ufw: open /etc/ufw/ufw.conf: not a regular file",
		},
	})
}

func TestFirewallLive(t *testing.T) {
	ufw := func(stdout string, code int) programs {
		return programs{"ufw": host.Output{Stdout: []byte(stdout), ExitCode: code}}
	}
	active := ufw("Status: active\n\nTo  Action  From\n", 0)
	const dropping = "table inet f {\n\tchain in {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tct state established,related accept\n\t}\n}\n"
	denied := host.Output{ExitCode: 1, Stderr: []byte("Operation not permitted (you must be root)\n")}
	with := func(some programs, name, stdout string) programs {
		more := maps.Clone(some)
		more[name] = host.Output{Stdout: []byte(stdout)}
		return more
	}
	firewalld := func(a host.Activity) map[string]host.Activity {
		return map[string]host.Activity{"firewalld.service": a}
	}
	testCheck(t, firewall(), []row{
		{
			name: "ufw, whatever its unit says", change: running(nil, active), want: Pass,
			findings: []string{"note /etc/ufw/ufw.conf ufw: enabled at boot, running"},
		},
		{
			name: "firewalld", machine: "rocky-9", change: running(firewalld(host.Active), nil), want: Pass,
			findings: []string{"note /etc/firewalld/firewalld.conf firewalld: enabled at boot, running"},
		},
		{
			name: "ufw enabled and inactive", change: running(nil, ufw("Status: inactive\n", 0)), want: Warn,
			findings: []string{"warn /etc/ufw/ufw.conf ufw: enabled at boot, but inactive now"},
		},
		{
			name: "ufw installed but inactive", overlay: "-- etc/ufw/ufw.conf --\nENABLED=no\n", want: Warn,
			change:   running(nil, ufw("Status: inactive\n", 0)),
			findings: []string{`warn /etc/ufw/ufw.conf ufw: installed but inactive: ENABLED is not "yes" (ufw --force enable sets it)`},
		},
		{
			name: "ufw active and gone after a boot", overlay: "-- etc/systemd/system/ufw.service link=/dev/null --\n", want: Warn,
			change:   running(nil, active),
			findings: []string{"warn /etc/ufw/ufw.conf ufw: active now, but gone after a boot: ufw.service is masked"},
		},
		{
			name: "ufw runs and takes everything", overlay: "-- etc/default/ufw --\nDEFAULT_INPUT_POLICY=ACCEPT\n", want: Warn,
			change:   running(nil, active),
			findings: []string{"warn /etc/default/ufw ufw: running, but DEFAULT_INPUT_POLICY is ACCEPT, and no rule refuses anything"},
		},
		{
			name: "firewalld that has failed", machine: "rocky-9", want: Warn, change: running(firewalld(host.Failed), nil),
			overlay:  "-- usr/lib/systemd/system/nftables.service removed --\n",
			findings: []string{"warn /etc/firewalld/firewalld.conf firewalld: enabled at boot, but firewalld.service has failed"},
		},
		{
			name: "ufw, and the kernel does what it says", change: running(nil, with(active, "nft", dropping)), want: Pass,
			findings: []string{"note  the kernel refuses what comes in now", "note /etc/ufw/ufw.conf ufw: enabled at boot, running"},
		},
		{
			name: "ufw whose rules are gone", change: running(nil, with(active, "nft", "")), want: Warn,
			findings: []string{
				"warn /etc/ufw/ufw.conf ufw: enabled at boot and running, but its rules are gone: the kernel refuses nothing now",
				"note  the kernel refuses nothing that comes in now",
			},
		},
		{
			name: "without nft nobody knows that they are gone", change: running(nil, with(active, "iptables-save", "*filter\n:INPUT ACCEPT [0:0]\n")), want: Pass,
			findings: []string{"note /etc/ufw/ufw.conf ufw: enabled at boot, running"},
		},
		{
			name: "rules of the older kernel interface", change: running(nil, with(with(active, "nft", ""), "iptables-legacy-save", "*filter\n:INPUT DROP [0:0]\n")), want: Pass,
			findings: []string{"note  the kernel refuses what comes in now", "note /etc/ufw/ufw.conf ufw: enabled at boot, running"},
		},
		{
			name: "rules that nothing loads again", overlay: noUFW, change: running(nil, programs{"nft": host.Output{Stdout: []byte(dropping)}}), want: Warn,
			findings: []string{
				"warn  rules that refuse what comes in are loaded now, and nothing loads them again at a boot",
				"note  the kernel refuses what comes in now",
			},
		},
		{
			name: "a firewall that is off, and rules of somebody's", overlay: "-- etc/ufw/ufw.conf --\nENABLED=no\n", want: Warn,
			change: running(nil, with(ufw("Status: inactive\n", 0), "nft", dropping)),
			findings: []string{
				"warn  rules that refuse what comes in are loaded now, and nothing loads them again at a boot",
				`warn /etc/ufw/ufw.conf ufw: installed but inactive: ENABLED is not "yes" (ufw --force enable sets it)`,
				"note  the kernel refuses what comes in now",
			},
		},
		{
			name: "nftables whose rules were loaded by hand", machine: "debian-11", change: running(nil, programs{"nft": host.Output{Stdout: []byte(dropping)}}), want: Pass,
			findings: []string{"note  the kernel refuses what comes in now", "note /etc/nftables.conf nftables: enabled at boot, running"},
		},
		{
			name: "nftables that was stopped", machine: "debian-11", change: running(nil, programs{"nft": host.Output{}}), want: Warn,
			findings: []string{
				"warn /etc/nftables.conf nftables: enabled at boot, but inactive now",
				"note  the kernel refuses nothing that comes in now",
			},
		},
		{
			name: "firewalld stopped at boot and its rules gone", machine: "rocky-9", want: Warn,
			overlay: "-- etc/systemd/system/multi-user.target.wants/firewalld.service removed --\n-- usr/lib/systemd/system/nftables.service removed --\n",
			change:  running(firewalld(host.Active), programs{"nft": host.Output{}}),
			findings: []string{
				"warn /etc/firewalld/firewalld.conf firewalld: running, but the kernel refuses nothing, and gone after a boot: firewalld.service is not enabled",
				"note  the kernel refuses nothing that comes in now",
			},
		},
		{
			name: "what iptables shows is not taken from nft", overlay: noUFW, want: Warn,
			change: running(nil, programs{
				"iptables-save": host.Output{Stdout: []byte("# Generated by iptables-save v1.8.9 (nf_tables) on x\n*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m conntrack --ctstate INVALID -j DROP\n")},
				"nft":           host.Output{Stdout: []byte("table ip filter {\nchain INPUT {\ntype filter hook input priority filter; policy accept;\nxt match \"conntrack\" counter packets 0 bytes 0 drop\n}\n}\n")},
			}),
			findings: []string{
				"warn  none of ufw, firewalld, nftables, csf and iptables is set up",
				"note  the kernel refuses nothing that comes in now",
			},
		},
		{name: "no list, and a firewall that counts", change: running(nil, programs{"ufw": active["ufw"], "nft": denied}), want: Pass,
			findings: []string{"note /etc/ufw/ufw.conf ufw: enabled at boot, running"}},
		{
			name: "no list, and no firewall", overlay: noUFW, change: running(nil, programs{"nft": denied}), want: Error,
			err: "listing the kernel's rules: nft: exit code 1: Operation not permitted (you must be root)",
		},
		{
			name: "ufw gives no status", change: running(nil, ufw("ERROR: problem running iptables\n", 1)), want: Error,
			err: "looking at the firewall ufw: ufw status: exit code 1 and no status",
		},
	})
}
