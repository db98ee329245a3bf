package distro

import version "github.com/knqyf263/go-rpm-version"

// compareRPM compares two versions of the form [epoch:]version-release as rpm does.
func compareRPM(a, b string) int { return version.NewVersion(a).Compare(version.NewVersion(b)) }
