package check

import (
	"context"
	"errors"
	"strings"

	"imgcheck/distro"
)

func packageSources() *Check {
	return &Check{
		ID:       "package-sources",
		Category: "packages",
		Title:    "Package sources are signed and can be reached",
		Found:    "%d problem with the package sources|%d problems with the package sources",
		Doc: "On a customer's droplet root installs what the configured sources offer. A source whose signatures are not checked (trusted=yes, allow-insecure, gpgcheck=0, Acquire::AllowInsecureRepositories and its kin) " +
			"lets anybody on the way replace packages; one on a disc or another medium breaks every update. Sources that are switched off do not count. A distribution's own suite from elsewhere than " +
			"mirrors.digitalocean.com, which is faster from droplets, is a note; security suites have servers of their own.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#recommendations",
			"https://manpages.debian.org/bookworm/apt/sources.list.5.en.html",
			"https://dnf.readthedocs.io/en/latest/conf_ref.html",
		},
		Remedy: "Take the option out and give the source its key (Signed-By=, gpgkey= with gpgcheck=1); delete sources on removed media from /etc/apt/sources.list or /etc/yum.repos.d.",
		Run:    judgePackageSources,
	}
}

func judgePackageSources(_ context.Context, m *distro.Machine) ([]Finding, error) {
	sources, err := m.PackageSources()
	if errors.Is(err, distro.ErrNoManager) {
		return nil, NotApplicable("%s", err)
	}
	var findings []Finding
	for _, s := range sources {
		add := func(level Level, message string) {
			findings = append(findings, Finding{Level: level, Path: s.File, Line: s.Line, Message: s.Name + " " + message})
		}
		if len(s.Unsigned) > 0 {
			add(LevelWarn, "is taken without a signature: "+strings.Join(s.Unsigned, ", "))
		}
		if s.Media {
			add(LevelWarn, "lies on a medium that no droplet has")
		}
		if s.OtherMirror {
			add(LevelNote, "is not DigitalOcean's mirror")
		}
	}
	if len(sources) == 0 && err == nil {
		findings = append(findings, Finding{Level: LevelWarn, Message: distro.ErrNoSource.Error()})
	}
	return findings, err
}
