package check

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/distro"
)

func sshHostKeys() *Check {
	return &Check{
		ID:       "ssh-host-keys",
		Category: "ssh",
		Title:    "The SSH server has no keys yet, and gets its own at first boot",
		Found:    "%d problem with host keys|%d problems with host keys",
		Doc: "Every droplet made from the image has the host keys that are in it, until something replaces them: whoever buys one droplet can pose as all others. " +
			"cloud-init replaces those in /etc/ssh by default, so that they are a warning. They fail where it keeps them (ssh_deletekeys: false), is not installed, disabled or without its module ssh, " +
			"and no script of first boot replaces them; and where HostKey in sshd's configuration names a file elsewhere, which nobody replaces. " +
			"An image without any key fails where nothing makes new ones (cloud-init, Red Hat's sshd-keygen, a script): its SSH server does not start.",
		Sources: []string{
			"https://cloudinit.readthedocs.io/en/latest/reference/modules.html#ssh",
			"https://github.com/digitalocean/marketplace-partners/issues/90",
			"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/building-shared-amis.html",
		},
		Remedy: "Delete the keys as the last thing before the snapshot: \"rm /etc/ssh/ssh_host_*\". " +
			"Leave ssh_deletekeys out of cloud-init's configuration or set it to true, and HostKey out of sshd's.",
		FixedBy: []string{"host-keys"},
		Run:     judgeHostKeys,
	}
}

func judgeHostKeys(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	keys, keysErr := m.HostKeys(ctx)
	server, serverErr := m.SSHServer(ctx)
	if server.Program == "" && len(keys) == 0 && keysErr == nil {
		return nil, errors.Join(NotApplicable("there is no SSH server"), serverErr)
	}
	fate, fateErr := m.HostKeyFate(ctx)
	var findings []Finding
	for _, key := range keys {
		findings = append(findings, judgeHostKey(key, fate, fateErr))
	}
	// What could not be looked at may be what makes the keys.
	if len(keys) == 0 && fate.MadeBy == "" && errors.Join(keysErr, fateErr) == nil {
		findings = append(findings, Finding{Level: LevelFail, Message: "there is no host key, and nothing makes one: " + fate.NotMade})
	}
	return findings, errors.Join(keysErr, fateErr)
}

func judgeHostKey(key distro.HostKey, fate distro.HostKeyFate, unsure error) Finding {
	f := Finding{Level: LevelWarn, Path: key.Path, Message: key.Kind}
	if key.Kind == "" {
		f.Message = fmt.Sprintf("%d bytes under the name of a host key", key.Size)
	}
	switch {
	case key.Own:
		f.Level, f.Message = LevelFail, f.Message+", which nothing replaces in that place"
	case fate.ReplacedBy != "":
		f.Message += ", replaced at first boot by " + fate.ReplacedBy
	case unsure == nil:
		f.Level, f.Message = LevelFail, f.Message+", on every droplet: "+fate.Kept
	}
	return f
}
