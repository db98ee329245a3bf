package distro

import (
	"fmt"

	debversion "github.com/knqyf263/go-deb-version"
)

// debVersion is the version of a Debian package, its text beside what orders it.
type debVersion struct {
	text  string
	order debversion.Version
}

// maxDigits is how many digits in a row the library can compare. It takes a longer
// number for the largest it knows, so that two of them would seem the same.
const maxDigits = 18

func parseDebVersion(text string) (debVersion, error) {
	digits := 0
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			digits = 0
			continue
		}
		if digits++; digits > maxDigits {
			return debVersion{}, fmt.Errorf("version with more than %d digits in a row", maxDigits)
		}
	}
	order, err := debversion.NewVersion(text)
	if err != nil {
		return debVersion{}, fmt.Errorf("version that cannot be compared: %w", err)
	}
	return debVersion{text, order}, nil
}

// compare is negative where v is older than other.
func (v debVersion) compare(other debVersion) int { return v.order.Compare(other.order) }
