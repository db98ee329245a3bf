package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"imgcheck/distro"
)

func opensshServer() *Check {
	return &Check{
		ID:       "openssh-server",
		Category: "boot",
		Title:    "The OpenSSH server is installed, starts at boot and serves SFTP",
		Found:    "%d problem|%d problems",
		Doc: "SSH is how a customer reaches a new droplet. The package must be installed with its program, and a service or a socket must " +
			"start it at boot. The guide recommends SFTP: a line \"Subsystem sftp\" in sshd_config or in a file that it includes.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#software-prerequisites",
		},
		Remedy: "Run \"apt-get install openssh-server\" or \"dnf install openssh-server\", then \"systemctl unmask ssh\" and " +
			"\"systemctl enable ssh\" (sshd outside of Debian and Ubuntu). For SFTP add \"Subsystem sftp internal-sftp\" to /etc/ssh/sshd_config.",
		Run: judgeSSHServer,
	}
}

func judgeSSHServer(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	server, err := m.SSHServer(ctx)
	if finding := sshInstalled(server); finding.Level != 0 {
		return []Finding{finding}, err
	}
	var findings []Finding
	if server.Unit != "" || server.Forbidden != "" || server.UnitErr == nil {
		findings = []Finding{sshStarted(server)}
	}
	config, unread := m.SSHD(ctx)
	if servesSFTP(config) {
		return findings, err // what could not be read cannot take the subsystem away
	}
	if unread == nil {
		findings = append(findings, Finding{
			Level: LevelWarn, Path: distro.SSHDConfigFile, Message: "no \"Subsystem sftp\", here or in an included file",
		})
	}
	return findings, errors.Join(err, unread)
}

func sshInstalled(s distro.SSHServer) Finding {
	switch {
	case !s.Packaged && s.Program == "":
		return Finding{Level: LevelFail, Message: "openssh-server is not installed"}
	case !s.Packaged:
		return Finding{Level: LevelFail, Path: s.Program, Message: "not of the package openssh-server, which is not installed"}
	case s.Program == "":
		return Finding{Level: LevelFail, Message: "openssh-server is installed, but its program sshd is gone"}
	}
	return Finding{}
}

func sshStarted(s distro.SSHServer) Finding {
	switch {
	case s.Forbidden != "":
		return Finding{Level: LevelFail, Path: s.Forbidden, Message: "this file keeps the server from starting"}
	case s.Unit != "":
		return Finding{Level: LevelNote, Message: "started at boot by " + s.Unit}
	case len(s.Masked) > 0:
		return Finding{Level: LevelFail, Message: fmt.Sprintf("does not start at boot: masked are %s", strings.Join(s.Masked, ", "))}
	}
	return Finding{Level: LevelFail, Message: "does not start at boot: neither its service nor its socket is enabled"}
}

func servesSFTP(config distro.SSHDConfig) bool {
	return slices.ContainsFunc(config.All("subsystem"), func(s distro.SSHDSetting) bool {
		return s.Match == "" && len(s.Args) > 1 && strings.EqualFold(s.Args[0], "sftp")
	})
}
