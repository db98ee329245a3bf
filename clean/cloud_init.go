package clean

import (
	"context"
	"io/fs"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func cloudInit() *Step {
	return &Step{
		ID:    "cloud-init",
		Title: "cloud-init knows nothing of the build droplet",
		Doc: "Removes cloud-init's instance, instances/* and data/*: user data and vendor data hold secrets, and a result from the build droplet misleads. " +
			"Removes its logs too, which it makes anew: img_check.sh takes even an empty cloud-init.log for a rotated one. " +
			"The scripts, the seed and the handlers beside them are never touched: scripts/per-instance is what makes a 1-Click of the image. " +
			"cloud-init clean is never run, as it deletes them.",
		Script: "cleanup.sh removes instances/* and leaves a link to what is gone, and data/*.",
		Sources: []string{
			"https://github.com/canonical/cloud-init/issues/3227",
			"https://docs.cloud-init.io/en/latest/reference/cli.html#clean",
		},
		Stages:  []Stage{StageIdentity},
		Default: true,
		Plan:    planCloudInit,
	}
}

func planCloudInit(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	at := host.At(distro.CloudInstance)
	if info, err := s.Root.Lstat(at.Path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		p.add(Action{Op: OpUnlink, At: at, Note: "a link to what is known of the instance"})
	} else {
		p.tree(ctx, at)
	}
	for _, dir := range p.folders(distro.CloudState()) {
		p.contents(ctx, dir)
	}
	p.each(OpRemove, distro.CloudLogs()...)
	return p.end()
}

func cloudInitSemaphores() *Step {
	return &Step{
		ID:    "cloud-init-semaphores",
		Title: "cloud-init has done nothing once and for all",
		Doc: "Removes the marks of what cloud-init has done once and for all instances. It is not done by default: " +
			"scripts in per-once would run again on every droplet, which a vendor may have counted on not to happen.",
		Script:  "cleanup.sh does nothing here.",
		Sources: []string{"https://github.com/Azure/WALinuxAgent/issues/855"},
		Stages:  []Stage{StageLeftovers},
		Plan: func(ctx context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			for _, dir := range p.folders([]string{distro.CloudSemaphores}) {
				p.contents(ctx, dir)
			}
			return p.end()
		},
	}
}
