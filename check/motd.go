package check

import (
	"context"

	"imgcheck/distro"
)

func motd() *Check {
	return &Check{
		ID:       "motd",
		Category: "boot",
		Title:    "A login shows the vendor's message of the day",
		Found:    "%d problem with the message of the day|%d problems with the message of the day",
		Doc: "The message of the day tells the customer what the droplet runs and where its passwords are. On Debian and Ubuntu it is a program in /etc/update-motd.d whose name begins with 99, so that it is shown last: " +
			"it must be executable, begin with its interpreter, and have a name that run-parts does not pass over (small letters, digits and hyphens: no ending like .sh, no underscore). On the Red Hat family it is /etc/motd or, " +
			"from release 8 on, a file in /etc/motd.d. Reviewers complain of images that still greet as DigitalOcean's own LAMP or LEMP 1-Click, on which they were built.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#recommendations",
			"https://github.com/digitalocean/marketplace-partners/issues/121",
			"https://github.com/digitalocean/marketplace-partners/issues/36",
			"https://manpages.debian.org/bookworm/debianutils/run-parts.8.en.html",
		},
		Remedy: "Write a program /etc/update-motd.d/99-one-click (\"#!/bin/sh\", then what it prints) and run \"chmod 0755 /etc/update-motd.d/99-one-click\"; on the Red Hat family write the text into /etc/motd.",
		Run:    judgeMOTD,
	}
}

func judgeMOTD(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	message, err := m.MOTD(ctx)
	var findings []Finding
	shown := ""
	last := false
	for _, p := range message.Parts {
		found := judgeMOTDPart(p, message.ByScripts)
		findings = append(findings, found...)
		last = last || p.Last
		if Worst(found) == 0 && (p.Last || !message.ByScripts && !p.Empty) {
			shown = p.Path
		}
	}
	switch {
	case shown != "":
		findings = append(findings, Finding{Level: LevelNote, Path: shown, Message: "is shown at a login"})
	case err == nil && message.ByScripts && !last:
		findings = append(findings, Finding{Level: LevelWarn, Path: distro.MOTDScripts, Message: "has no program whose name begins with 99-"})
	case err == nil && !message.ByScripts && len(findings) == 0:
		findings = append(findings, Finding{Level: LevelWarn, Message: "there is no message of the day: /etc/motd and /etc/motd.d say nothing"})
	}
	if message.Hushed != "" {
		findings = append(findings, Finding{Level: LevelWarn, Path: message.Hushed, Message: "keeps root from seeing the message of the day"})
	}
	return findings, err
}

// judgeMOTDPart: only the vendor's own part must be run; the distribution's may well be
// switched off.
func judgeMOTDPart(p distro.MOTDPart, byScripts bool) []Finding {
	var findings []Finding
	add := func(message string) {
		findings = append(findings, Finding{Level: LevelWarn, Path: p.Path, Message: message})
	}
	if p.Sample != "" {
		add("still greets as DigitalOcean's own 1-Click " + p.Sample)
	}
	if !byScripts || !p.Last {
		return findings
	}
	if p.Skipped {
		add("has a name that run-parts passes over: small letters, digits and hyphens only")
	}
	if p.CannotRun != "" {
		add(p.CannotRun)
	}
	return findings
}
