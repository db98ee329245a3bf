package check

import (
	"context"
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
		Doc: "One of ufw, firewalld, nftables, csf or iptables must refuse something that comes in and be loaded again at boot, judged by its configuration and " +
			"its unit. On a machine with a running service manager it must filter now, too. It stays a warning, as a droplet comes without one; " +
			"but reviewers refuse images without a firewall. Rules for IPv6 alone are not enough. Note that Docker publishes ports past ufw.",
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
	var notes, problems []Finding
	for _, f := range installed {
		why := firewallProblem(f)
		if why == "" {
			notes = append(notes, Finding{Level: LevelNote, Path: f.Config, Message: f.Name + ": " + firewallGood(f)})
			continue
		}
		problems = append(problems, Finding{Level: LevelWarn, Path: f.Config, Message: f.Name + ": " + why})
	}
	switch {
	case len(notes) > 0:
		return notes, nil // one that counts is enough, whatever could not be read of the others
	case len(problems) == 0 && err == nil:
		problems = []Finding{{Level: LevelWarn, Message: "none of ufw, firewalld, nftables, csf and iptables is set up"}}
	}
	return problems, err
}

// firewallProblem says why a firewall does not count, or nothing.
func firewallProblem(f distro.Firewall) string {
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
	reasons := strings.Join(why, ", and ")
	switch {
	case reasons == "" && f.Running == host.Failed:
		return "enabled at boot, but " + f.Unit + " has failed"
	case reasons == "" && f.Running == host.Inactive:
		return "enabled at boot, but inactive now"
	case reasons == "":
		return ""
	case f.Running == host.ActivityUnknown:
		return "installed, but " + reasons
	case f.Running != host.Active:
		return "installed but inactive: " + reasons
	case f.Idle != "":
		return "running, but " + reasons
	}
	return "active now, but gone after a boot: " + reasons
}

// firewallGood describes a firewall that counts.
func firewallGood(f distro.Firewall) string {
	if f.Running == host.ActivityUnknown {
		return "enabled at boot; whether it runs now was not looked at"
	}
	return "enabled at boot, running"
}
