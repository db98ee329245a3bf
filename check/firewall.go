package check

import (
	"context"
	"slices"
	"strings"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func firewall() *Check {
	return &Check{
		ID:       "firewall",
		Category: "network",
		Title:    "A firewall refuses what it does not know, and comes back at boot",
		Found:    "no firewall refuses anything after a boot: a warning here, but reviewers refuse such images",
		Doc: "One of ufw, firewalld, nftables, csf or iptables must refuse what somebody outside begins, and be loaded again at boot, judged by its configuration and " +
			"its unit. On a machine with a running service manager it must filter now, too: the kernel's rules are read by \"nft list ruleset\" and \"iptables-save\" (the older kernel interface's, too). " +
			"Rules about broken packets, single addresses or too many packets are no firewall, nor are rules for IPv6 alone. It stays a warning, as a droplet comes without one; " +
			"but reviewers refuse images without a firewall. Note that Docker publishes ports past ufw.",
		Script: "img_check.sh asks \"ufw status\" on Ubuntu, which says nothing of the next boot. On the Red Hat family it passes every machine, with or without a " +
			"firewall, and never recognises csf. On Debian the first tool it finds decides, and iptables passes where its kernel module is loaded.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/115",
			"https://github.com/digitalocean/marketplace-partners/issues/26",
			"https://github.com/digitalocean/marketplace-partners/pull/82",
			"https://github.com/caddyserver/dist/issues/13",
		},
		Remedy:   "Run \"ufw allow OpenSSH && ufw --force enable\"; outside of Debian and Ubuntu \"systemctl enable --now firewalld\".",
		Upstream: true,
		Run:      judgeFirewall,
	}
}

func judgeFirewall(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	installed, err := m.Firewalls(ctx)
	now, _ := m.PacketFilter(ctx) // its error is part of the other one
	var notes, problems []Finding
	var names []string
	for _, f := range installed {
		why := firewallProblem(f)
		if why != "" {
			problems = append(problems, Finding{Level: LevelWarn, Path: f.Config, Message: f.Name + ": " + why})
			continue
		}
		names = append(names, f.Name)
		notes = append(notes, Finding{Level: LevelNote, Path: f.Config, Message: f.Name + ": " + firewallGood(f)})
	}
	if len(names) > 1 {
		notes = append(notes, Finding{Level: LevelNote, Message: strings.Join(names, " and ") + " come back at a boot, and may undo each other's rules"})
	}
	if len(notes) > 0 {
		return append(notes, kernelNote(now)...), nil // one that counts is enough, whatever could not be read of the others
	}
	switch running := slices.ContainsFunc(installed, func(f distro.Firewall) bool { return f.Running == host.Active }); {
	case now.Refuses && !running:
		problems = append(problems, Finding{Level: LevelWarn, Message: "rules that refuse what comes in are loaded now, and nothing loads them again at a boot"})
	case len(problems) == 0 && err == nil:
		problems = append(problems, Finding{Level: LevelWarn, Message: "none of ufw, firewalld, nftables, csf and iptables is set up"})
	}
	return append(problems, kernelNote(now)...), err
}

// kernelNote says what the running kernel does, where that was read.
func kernelNote(now distro.PacketFilter) []Finding {
	if !now.Known {
		return nil
	}
	message := "the kernel refuses nothing that comes in now"
	if now.Refuses {
		message = "the kernel refuses what comes in now"
	}
	return []Finding{{Level: LevelNote, Message: message}}
}

// firewallProblem says why a firewall does not count, or nothing.
func firewallProblem(f distro.Firewall) string {
	reasons := strings.Join(firewallReasons(f), ", and ")
	switch {
	case reasons == "" && f.Running == host.Failed:
		return "enabled at boot, but " + f.Unit + " has failed"
	case reasons == "" && f.Running == host.Inactive:
		return "enabled at boot, but inactive now"
	case reasons == "" && f.Flushed:
		return "enabled at boot and running, but its rules are gone: the kernel refuses nothing now"
	case reasons == "":
		return ""
	case f.Running == host.ActivityUnknown:
		return "installed, but " + reasons
	case f.Running != host.Active:
		return "installed but inactive: " + reasons
	case f.Idle != "":
		return "running, but " + reasons
	case f.Flushed:
		return "running, but the kernel refuses nothing, and gone after a boot: " + reasons
	}
	return "active now, but gone after a boot: " + reasons
}

// firewallReasons tells why a firewall refuses nothing after a boot.
func firewallReasons(f distro.Firewall) []string {
	var why []string
	switch {
	case f.State.Masked:
		why = append(why, f.Unit+" is masked")
	case !f.State.Enabled:
		why = append(why, f.Unit+" is not enabled")
	}
	if f.Idle != "" {
		why = append(why, f.Idle)
	}
	return why
}

// firewallGood describes a firewall that counts.
func firewallGood(f distro.Firewall) string {
	good := "enabled at boot, running"
	if f.Running == host.ActivityUnknown {
		good = "enabled at boot; whether it runs now was not looked at"
	}
	if f.OpenIPv6 {
		good += "; it refuses nothing over IPv6"
	}
	return good
}
