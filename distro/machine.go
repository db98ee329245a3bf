// Package distro knows the distributions: which one a machine runs, whether the
// Marketplace takes it, which accounts and homes it has, which packages are
// installed and which updates wait.
//
// It promises to read and never to run what a tree holds: files are parsed by pure
// functions over bytes, with errors that name the file and the line and never
// quote it. Paths, unit and package names that differ between distributions stand
// here, once. It judges nothing; that is for package check.
package distro

import (
	"context"

	"imgcheck/internal/host"
)

// Family is a kind of package management.
type Family string

// The families.
const (
	FamilyDeb     Family = "deb"
	FamilyRPM     Family = "rpm"
	FamilyUnknown Family = "unknown"
)

// Machine is one machine and what its files say of its distribution.
type Machine struct {
	*host.Host
	// OS is what the os-release files say; OSErr is why they could not be read.
	OS    OS
	OSErr error
	// Release is the entry of the release table, nil where the table has none.
	Release  *Release
	Family   Family
	Packages Packages

	settings Settings
	accounts memo[[]Account]
	shadow   memo[[]ShadowEntry]
	homes    memo[[]Home]
	logs     memo[Logs]
	sshd     memo[SSHDConfig]
	sshFiles memo[[]SSHFile]

	cloudConfig memo[CloudConfig]
	filter      memo[PacketFilter]
	atBoot      memo[[]bootScript]
}

// Detect finds out which distribution the machine runs. It does not fail: a
// machine whose os-release cannot be read can still be examined, and OSErr says
// what is wrong with it.
func Detect(h *host.Host, settings Settings) *Machine {
	m := &Machine{Host: h, settings: settings}
	m.OS, m.OSErr = readOS(h.Root)
	m.Release = findRelease(m.OS)
	m.Family = m.family()
	m.accounts.ask = m.readAccounts
	m.shadow.ask = m.readShadow
	m.homes.ask = m.readHomes
	m.logs.ask = m.readLogs
	m.sshd.ask = m.readSSHD
	m.sshFiles.ask = m.readSSHFiles
	m.cloudConfig.ask = m.readCloudConfig
	m.filter.ask = m.readPacketFilter
	m.atBoot.ask = m.readBootScripts
	m.Packages = remember(m.packages(settings))
	return m
}

func (m *Machine) packages(settings Settings) Packages {
	switch m.Family {
	case FamilyDeb:
		return newDebPackages(m, settings)
	case FamilyRPM:
		return newRPMPackages(m, settings)
	}
	return noPackages{}
}

// family goes by the distribution's name first: Debian may have rpm installed and
// Rocky dpkg. The package database decides only where the name is unknown.
func (m *Machine) family() Family {
	if m.Release != nil {
		return m.Release.Family
	}
	for _, id := range append([]string{m.OS.ID}, m.OS.Like...) {
		switch id {
		case "debian", "ubuntu":
			return FamilyDeb
		case "rhel", "centos", "fedora":
			return FamilyRPM
		}
	}
	for _, db := range [...]struct {
		path   string
		family Family
	}{
		{dpkgStatus, FamilyDeb},
		{"/var/lib/rpm", FamilyRPM},
		{"/usr/lib/sysimage/rpm", FamilyRPM},
	} {
		if _, err := m.Root.Lstat(db.path); err == nil {
			return db.family
		}
	}
	return FamilyUnknown
}

// Accounts returns every account of passwd, sorted by name. Accounts that could be
// read are returned beside an error that names the lines that could not.
func (m *Machine) Accounts(ctx context.Context) ([]Account, error) { return m.accounts.get(ctx) }

// Shadow returns every entry of shadow, in the order of its lines. Entries that
// could be read are returned beside an error that names the lines that could not.
func (m *Machine) Shadow(ctx context.Context) ([]ShadowEntry, error) { return m.shadow.get(ctx) }

// Homes returns every folder in which some account's private files may lie, and
// which exists, sorted by path. Folders that could be listed are returned beside
// an error that names those that could not.
func (m *Machine) Homes(ctx context.Context) ([]Home, error) { return m.homes.get(ctx) }
