package check

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/distro"
)

func firstBootScripts() *Check {
	return &Check{
		ID:       "first-boot-scripts",
		Category: "boot",
		Title:    "The first-boot scripts can run",
		Found:    "%d problem with the first-boot scripts|%d problems with the first-boot scripts",
		Doc: "cloud-init runs what is in /var/lib/cloud/scripts/per-instance on a droplet's first boot, which is where a 1-Click makes its passwords. It passes over a file that is not executable without a word, " +
			"and cannot run one whose first line names no interpreter, or one that the image does not have (python where there is only python3; a line that ends like in Windows). What is in per-once has run on the build droplet, " +
			"and will not run again. Root runs all of them, so nobody else may be able to change them; and a cloud.cfg without the module scripts-per-instance runs none. " +
			"Whether a script does what it should is not looked at.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#software-prerequisites",
			"https://docs.cloud-init.io/en/latest/reference/modules.html#scripts-per-instance",
			"https://github.com/digitalocean/marketplace-partners/issues/36",
			"https://github.com/digitalocean/marketplace-partners/issues/81",
		},
		Remedy: "Run \"chmod 0755 FILE\", begin the file with \"#!/bin/sh\" or another interpreter that is installed, write it with Unix line ends (\"sed -i 's/\\r$//' FILE\"), " +
			"and move scripts from per-once to /var/lib/cloud/scripts/per-instance.",
		Run: judgeFirstBoot,
	}
}

func judgeFirstBoot(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	scripts, err := m.FirstBootScripts(ctx)
	var findings []Finding
	for _, s := range scripts {
		findings = append(findings, judgeFirstBootScript(s)...)
	}
	if len(scripts) == 0 && err == nil {
		findings = append(findings, Finding{Level: LevelNote, Message: "there are no first-boot scripts"})
	}
	modules, configErr := modulesLeftOut(ctx, m, scripts)
	return append(findings, modules...), errors.Join(err, configErr)
}

func judgeFirstBootScript(s distro.FirstBootScript) []Finding {
	var findings []Finding
	add := func(message string) {
		findings = append(findings, Finding{Level: LevelWarn, Path: s.Path, Message: message})
	}
	if s.CannotRun != "" {
		add(s.CannotRun)
	}
	if s.Folder.Once {
		add("ran on the build droplet, and will not run again on a customer's: its place is per-instance")
	}
	if s.Writable {
		add("can be changed by every account, and root runs it")
	}
	return findings
}

// modulesLeftOut looks for folders with scripts whose module cloud-init does not run.
func modulesLeftOut(ctx context.Context, m *distro.Machine, scripts []distro.FirstBootScript) ([]Finding, error) {
	if len(scripts) == 0 {
		return nil, nil
	}
	config, err := m.CloudConfig(ctx)
	modules, _ := config.Setting("cloud_final_modules")
	var findings []Finding
	seen := map[string]bool{}
	for _, s := range scripts {
		module := s.Folder.Module
		if seen[module] || config.Runs(module) {
			continue
		}
		seen[module] = true
		findings = append(findings, Finding{
			Level: LevelWarn, Path: modules.File, Line: modules.Line,
			Message: fmt.Sprintf("cloud_final_modules has no %s, so that nothing in %s runs", module, s.Folder.Path),
		})
	}
	return findings, err
}
