package check

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"imgcheck/distro"
)

func cloudInitState() *Check {
	return &Check{
		ID:       "cloud-init-state",
		Category: "identity",
		Title:    "cloud-init knows nothing of the build droplet",
		Found:    "%d thing of the build droplet|%d things of the build droplet",
		Doc: "What cloud-init keeps of the instance it ran on holds user data, vendor data and metadata of the build droplet, with keys and at times passwords in them, and a result that misleads whoever asks a new droplet. " +
			"instance, and anything in instances/ and data/ below /var/lib/cloud counts. The scripts, the seed and the handlers beside them are the vendor's.",
		Sources: []string{
			"https://docs.cloud-init.io/en/latest/explanation/instancedata.html",
			"https://github.com/canonical/cloud-init/issues/3227",
		},
		Remedy: "Run \"imgcheck clean --only cloud-init\", or \"rm -r /var/lib/cloud/instance /var/lib/cloud/instances/* /var/lib/cloud/data/*\". " +
			"Do not run cloud-init clean: it may delete scripts/per-instance, which makes a 1-Click of the image.",
		FixedBy: []string{"cloud-init"},
		Run:     judgeCloudInitState,
	}
}

func judgeCloudInitState(_ context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	var problems []error
	found := func(name, message string) {
		findings = append(findings, Finding{Level: LevelWarn, Path: name, Message: message})
	}
	switch _, err := m.Root.Lstat(distro.CloudInstance); {
	case err == nil:
		found(distro.CloudInstance, "names the build droplet's instance")
	case !errors.Is(err, fs.ErrNotExist):
		problems = append(problems, err)
	}
	for _, dir := range distro.CloudState() {
		entries, err := m.Root.ReadDir(dir)
		for _, e := range entries {
			found(path.Join(dir, e.Name()), "kept of the build droplet")
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
		}
	}
	return findings, looking("at cloud-init's state", errors.Join(problems...))
}
