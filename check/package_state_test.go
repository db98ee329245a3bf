package check

import (
	"testing"

	"imgcheck/distro"
)

func TestPackageState(t *testing.T) {
	testCheck(t, packageState(), []row{
		{name: "in order", change: packages(fakePackages{}), want: Pass},
		{
			name: "half-configured", want: Warn,
			change:   packages(fakePackages{problems: []distro.Problem{{Package: "nginx", State: "half-configured"}, {Package: "php", State: "unpacked"}}}),
			findings: []string{"warn  nginx: half-configured", "warn  php: unpacked"},
		},
		{
			name: "no reader", want: Skip, change: packages(fakePackages{err: distro.ErrNoReader}),
			err: "the rpm database cannot be read reliably",
		},
		{
			name: "half a database", want: Error, err: "the database is broken",
			change:   packages(fakePackages{problems: []distro.Problem{{Package: "nginx", State: "unpacked"}}, err: errBroken}),
			findings: []string{"warn  nginx: unpacked"},
		},
	})
}
