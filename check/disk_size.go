package check

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

// diskLimit is the disk of the $6 droplet, in GiB.
const diskLimit = 25

func diskSize(p Policy) *Check {
	return &Check{
		ID:       "disk-size",
		Category: "droplet",
		Title:    "The image fits the smallest droplets",
		Found:    "the disk is larger than that of the $6 droplet",
		Doc: "An image asks for a disk that is at least as large as that of the droplet it was made on, however full it is, and disks cannot be made smaller. Looked at is the whole disk that carries the root file system: " +
			"over 25 GiB customers cannot use the image on the $6 droplet. The $4 droplet has 10 GiB.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#recommendations",
			"https://github.com/meilisearch/meilisearch-digitalocean/issues/299",
			"https://www.digitalocean.com/pricing/droplets",
		},
		Remedy:    "Build the image on the smallest droplet that the application runs on (size s-1vcpu-1gb, 25 GiB).",
		NeedsLive: true,
		Changed:   p.changedDisk(),
		Run: func(ctx context.Context, m *distro.Machine) ([]Finding, error) {
			return judgeDiskSize(ctx, m, p.DiskGiB)
		},
	}
}

func judgeDiskSize(ctx context.Context, m *distro.Machine, limit int64) ([]Finding, error) {
	name, size, err := m.Facts.RootDisk(ctx)
	if errors.Is(err, host.ErrNoDisk) {
		return nil, NotApplicable("%s", err)
	}
	if err != nil {
		return nil, err
	}
	f := Finding{Level: LevelNote, Message: fmt.Sprintf("the disk %s has %s", name, BinarySize(int64(size)))} //nolint:gosec // no disk has 2^63 bytes
	if size > uint64(limit)<<30 {                                                                             //nolint:gosec // no limit is negative
		f.Level = LevelWarn
		f.Message += fmt.Sprintf(", which is over %d GiB", limit)
	}
	return []Finding{f}, nil
}
