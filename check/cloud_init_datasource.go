package check

import (
	"context"

	"imgcheck/distro"
)

func cloudInitDatasource() *Check {
	return &Check{
		ID:       "cloud-init-datasource",
		Category: "boot",
		Title:    "cloud-init asks the droplet's own sources of metadata",
		Found:    "%d problem with the sources of metadata|%d problems with the sources of metadata",
		Doc: "A droplet's keys, addresses and user data come from the source DigitalOcean or ConfigDrive. Where datasource_list in /etc/cloud has neither (the last file in cloud.cfg.d that sets it counts), " +
			"where ds-identify or the kernel is told to take another one, or where a seed in the image answers first, nobody can log in. Without any setting all sources are tried, which is right. " +
			"Installers leave such settings: 99-installer.cfg, and the files that tell cloud-init to leave the network alone.",
		Sources: []string{
			"https://docs.cloud-init.io/en/latest/reference/base_config_reference.html",
			"https://docs.cloud-init.io/en/latest/reference/datasources/digitalocean.html",
			"https://github.com/kubernetes-sigs/image-builder/blob/main/images/capi/ansible/roles/sysprep/tasks/debian.yml",
		},
		Remedy: "Delete the installer's files from /etc/cloud/cloud.cfg.d and the seed from /var/lib/cloud/seed; then, where a list is needed, write \"datasource_list: [ ConfigDrive, DigitalOcean, None ]\" " +
			"into the file that sets it (on Debian and Ubuntu: \"dpkg-reconfigure cloud-init\").",
		Run: judgeCloudInitDatasource,
	}
}

func judgeCloudInitDatasource(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	faults, err := m.CloudSourceFaults(ctx)
	var findings []Finding
	for _, f := range faults {
		findings = append(findings, Finding{Level: LevelWarn, Path: f.Path, Line: f.Line, Message: f.What})
	}
	return findings, err
}
