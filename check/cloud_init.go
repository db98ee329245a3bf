package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

// The guide writes 0.76 and 0.79; no such releases exist, and what it means are these.
const (
	cloudInitRequired    = "0.7.6"
	cloudInitRecommended = "0.7.9"
)

func cloudInit() *Check {
	return &Check{
		ID:       "cloud-init",
		Category: "boot",
		Title:    "cloud-init is installed in a version that works on DigitalOcean",
		Found:    "%d problem|%d problems",
		Doc: "cloud-init gives a new droplet its network, its SSH keys and its first-boot scripts: without it nobody can log in. " +
			"The program itself must be there, since a package whose program is gone does nothing. The version comes from the package database, " +
			"else from the metadata of its Python module, else from the program.",
		Script: "img_check.sh looks for the program alone, and never compares versions: its function for that is not called.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#software-prerequisites",
		},
		Remedy:   "Run \"apt-get install cloud-init\" or \"dnf install cloud-init\".",
		Upstream: true,
		Run:      judgeCloudInit,
	}
}

func judgeCloudInit(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	ci, err := m.CloudInit(ctx)
	switch {
	case ci.Program == "":
		return []Finding{{Level: LevelFail, Message: "no executable program cloud-init in any folder of the PATH"}}, err
	case err != nil:
		return nil, err
	}
	finding := Finding{Level: LevelNote, Path: ci.Program, Message: fmt.Sprintf("version %s (%s)", ci.Version, ci.Source)}
	tooOld, ok := distro.VersionBefore(ci.Version, cloudInitRequired)
	old, _ := distro.VersionBefore(ci.Version, cloudInitRecommended)
	switch {
	case !ok:
		return nil, fmt.Errorf("%s: %w: %q (%s)", ci.Program, distro.ErrNoVersion, ci.Version, ci.Source)
	case tooOld:
		finding.Level = LevelFail
		finding.Message += ", older than the required " + cloudInitRequired
	case old:
		finding.Level = LevelWarn
		finding.Message += ", older than the recommended " + cloudInitRecommended
	}
	return []Finding{finding}, nil
}
