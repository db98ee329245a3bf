package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"imgcheck/distro"
)

func osSupported() *Check {
	return &Check{
		ID:       "os-supported",
		Category: "os",
		Title:    "The distribution is one that the Marketplace takes",
		Found:    "unsupported distribution",
		Doc: "Images are accepted only if they were built from a distribution that DigitalOcean supports. " +
			"The distribution is read from os-release, else from the older release files; none of them is ever executed.",
		Script: "img_check.sh runs /etc/os-release as root and goes by NAME. It stops at an unsupported distribution, " +
			"so that the vendor sees one problem a build; here the other checks still run.",
		Sources: []string{"https://github.com/digitalocean/marketplace-partners#supported-operating-systems"},
		Remedy: "Build the image again from one of DigitalOcean's own images: " +
			strings.Join(supportedNames(), ", ") + ".",
		Upstream: true,
		Run:      judgeOS,
	}
}

func judgeOS(_ context.Context, m *distro.Machine) ([]Finding, error) {
	switch {
	case m.OSErr != nil && (m.OS.File == "" || distro.Supported(m.OS)):
		return nil, m.OSErr
	case m.OS.File == "":
		return []Finding{{Level: LevelFail, Message: "no Linux system: none of the release files is there"}}, nil
	case distro.Supported(m.OS):
		return []Finding{{Level: LevelNote, Path: m.OS.File, Message: m.OS.Name}}, nil
	}
	name := m.OS.Name
	if name == "" {
		name = "a distribution without a NAME"
	}
	return []Finding{{Level: LevelFail, Path: m.OS.File, Message: fmt.Sprintf("%s (ID %q) is not supported", name, m.OS.ID)}}, m.OSErr
}

// supportedNames lists the distributions of the release table, each once.
func supportedNames() []string {
	var names []string
	for _, r := range distro.Releases() {
		if !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}
