package distro

import (
	"strings"
	"time"
)

// Support is what the Marketplace says of a release.
type Support int

// Accepted releases stand in the Marketplace's published list. Unlisted ones do
// not yet, though DigitalOcean ships 1-Clicks on them.
const (
	Accepted Support = iota + 1
	Unlisted
)

// Release is one release of a distribution that the Marketplace takes.
type Release struct {
	// ID is os-release's ID.
	ID string
	// Name is the one by which img_check.sh knows the distribution (os-release's NAME).
	Name string
	// Version is os-release's VERSION_ID, its major number for the RPM family.
	Version  string
	Codename string
	Family   Family
	Support  Support
	// EndOfLife is the day on which its free public security support ended or ends.
	EndOfLife time.Time
	// Source is where that day is published.
	Source string
}

const (
	ubuntuCycle    = "https://ubuntu.com/about/release-cycle"
	debianReleases = "https://wiki.debian.org/LTS"
	centosEnd      = "https://www.centos.org/centos-linux-eol/"
	streamEnd      = "https://www.centos.org/cl-vs-cs/#end-of-life"
	rockyVersions  = "https://wiki.rockylinux.org/rocky/version/"
	almaReleases   = "https://wiki.almalinux.org/release-notes/"
	cloudLinuxEnd  = "https://docs.cloudlinux.com/introduction/cloudlinux-os-editions/#cloudlinux-os-life-cycle"
)

// Releases returns the release table in the order of the published list. Support
// follows img_check.sh v1.8.1 of digitalocean/marketplace-partners. Debian's days are
// those of LTS, Ubuntu's those of standard support (the page names the month, the
// package distro-info-data the day); what has to be paid for does not count.
func Releases() []Release {
	return []Release{
		{"ubuntu", "Ubuntu", "16.04", "xenial", FamilyDeb, Accepted, day(2021, 4, 30), ubuntuCycle},
		{"ubuntu", "Ubuntu", "18.04", "bionic", FamilyDeb, Accepted, day(2023, 5, 31), ubuntuCycle},
		{"ubuntu", "Ubuntu", "20.04", "focal", FamilyDeb, Accepted, day(2025, 5, 29), ubuntuCycle},
		{"ubuntu", "Ubuntu", "22.04", "jammy", FamilyDeb, Accepted, day(2027, 6, 1), ubuntuCycle},
		{"ubuntu", "Ubuntu", "22.10", "kinetic", FamilyDeb, Accepted, day(2023, 7, 20), ubuntuCycle},
		{"ubuntu", "Ubuntu", "24.04", "noble", FamilyDeb, Accepted, day(2029, 5, 31), ubuntuCycle},
		{"ubuntu", "Ubuntu", "26.04", "resolute", FamilyDeb, Unlisted, day(2031, 5, 29), ubuntuCycle},
		{"debian", "Debian GNU/Linux", "9", "stretch", FamilyDeb, Accepted, day(2022, 6, 30), debianReleases},
		{"debian", "Debian GNU/Linux", "10", "buster", FamilyDeb, Accepted, day(2024, 6, 30), debianReleases},
		{"debian", "Debian GNU/Linux", "11", "bullseye", FamilyDeb, Accepted, day(2026, 8, 31), debianReleases},
		{"debian", "Debian GNU/Linux", "12", "bookworm", FamilyDeb, Accepted, day(2028, 6, 30), debianReleases},
		{"debian", "Debian GNU/Linux", "13", "trixie", FamilyDeb, Accepted, day(2030, 6, 30), debianReleases},
		{"centos", "CentOS Linux", "6", "", FamilyRPM, Accepted, day(2020, 11, 30), centosEnd},
		{"centos", "CentOS Linux", "7", "", FamilyRPM, Accepted, day(2024, 6, 30), centosEnd},
		{"centos", "CentOS Linux", "8", "", FamilyRPM, Accepted, day(2021, 12, 31), centosEnd},
		{"centos", "CentOS Stream", "8", "", FamilyRPM, Accepted, day(2024, 5, 31), streamEnd},
		{"centos", "CentOS Stream", "9", "", FamilyRPM, Accepted, day(2027, 5, 31), streamEnd},
		{"rocky", "Rocky Linux", "8", "", FamilyRPM, Accepted, day(2029, 5, 31), rockyVersions},
		{"rocky", "Rocky Linux", "9", "", FamilyRPM, Accepted, day(2032, 5, 31), rockyVersions},
		{"almalinux", "AlmaLinux", "8", "", FamilyRPM, Accepted, day(2029, 5, 31), almaReleases},
		{"almalinux", "AlmaLinux", "9", "", FamilyRPM, Accepted, day(2032, 5, 31), almaReleases},
		{"cloudlinux", "CloudLinux", "8", "", FamilyRPM, Accepted, day(2029, 5, 31), cloudLinuxEnd},
		{"cloudlinux", "CloudLinux", "9", "", FamilyRPM, Accepted, day(2032, 5, 31), cloudLinuxEnd},
	}
}

func day(year int, month time.Month, dayOfMonth int) time.Time {
	return time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC)
}

// Named reports whether os has the name of r's distribution: ID and NAME both, as
// CentOS Linux and CentOS Stream share their ID, and img_check.sh goes by NAME.
func (r Release) Named(os OS) bool {
	if r.ID == "debian" {
		return os.ID == r.ID && strings.Contains(os.Name, "Debian")
	}
	return os.ID == r.ID && os.Name == r.Name
}

// findRelease returns the entry of the table for what a machine says it is. But
// for CentOS, os-release of the RPM family counts minor releases behind a dot.
func findRelease(os OS) *Release {
	for _, r := range Releases() {
		version := os.Version
		if r.Family == FamilyRPM && r.ID != "centos" {
			version, _, _ = strings.Cut(version, ".")
		}
		if r.Named(os) && r.Version == version {
			return &r
		}
	}
	return nil
}

// Supported reports whether the Marketplace takes the distribution os names, in
// some release.
func Supported(os OS) bool {
	for _, r := range Releases() {
		if r.Named(os) {
			return true
		}
	}
	return false
}

// String returns the word for it, as lists show it.
func (s Support) String() string {
	if s == Unlisted {
		return "unlisted"
	}
	return "accepted"
}
