package check

import (
	"context"
	"testing"

	"imgcheck/distro"
)

func TestRebootRequired(t *testing.T) {
	const newest = "6.1.0-56-amd64"
	upToDate := "note  runs the newest installed kernel, " + newest
	testCheck(t, rebootRequired(), []row{
		{name: "up to date", change: kernel(newest), want: Pass, findings: []string{upToDate}},
		{
			name: "an older kernel runs", change: kernel("6.1.0-9-amd64"), want: Warn,
			findings: []string{"warn  runs kernel 6.1.0-9-amd64, and 6.1.0-56-amd64 is installed"},
		},
		{
			name: "another flavour is newer", change: kernel(newest), want: Pass,
			overlay: "-- boot/vmlinuz-6.1.0-99-cloud-amd64 --\n", findings: []string{upToDate},
		},
		{
			name: "a flavour that is not installed", change: kernel("6.1.0-56-cloud-amd64"), want: Warn,
			findings: []string{"warn  runs kernel 6.1.0-56-cloud-amd64, and no installed kernel is of its kind"},
		},
		{
			name: "a rescue image is no kernel", machine: "rocky-9", change: kernel("5.14.0-570.32.1.el9_6.x86_64"), want: Pass,
			overlay:  "-- boot/vmlinuz-0-rescue-6c3f9a1e0b7d4f52a8c1d2e3f4051627 --\n",
			findings: []string{"note  runs the newest installed kernel, 5.14.0-570.32.1.el9_6.x86_64"},
		},
		{
			name: "an image among the modules", machine: "rocky-9", change: kernel("5.14.0-570.32.1.el9_6.x86_64"), want: Warn,
			overlay:  "-- usr/lib/modules/5.14.0-611.5.1.el9_7.x86_64/vmlinuz --\n",
			findings: []string{"warn  runs kernel 5.14.0-570.32.1.el9_6.x86_64, and 5.14.0-611.5.1.el9_7.x86_64 is installed"},
		},
		{
			name: "the mark", change: kernel(newest), want: Warn,
			overlay: "-- run/reboot-required --\n*** System restart required ***\n" +
				"-- run/reboot-required.pkgs --\nlinux-image-6.1.0-56-amd64\nlibc6\nlibc6\n\x1b[31mno package\n",
			findings: []string{"warn /run/reboot-required a reboot is asked for by libc6, linux-image-6.1.0-56-amd64", upToDate},
		},
		{
			name: "the mark in a container", change: kernel(newest), want: Warn,
			overlay:  "-- boot removed --\n-- run/reboot-required --\n",
			findings: []string{"warn /run/reboot-required a package asks for a reboot"},
		},
		{name: "a container", change: kernel(newest), overlay: "-- boot removed --\n", want: Skip, err: "no kernel is installed"},
		{name: "a tree", want: Skip, err: "needs the running machine"},
		{
			name: "the kernel is not told", want: Error, err: "the database is broken",
			change: func(t *testing.T, m *distro.Machine) {
				kernel("")(t, m)
				m.Facts.Kernel = func(context.Context) (string, error) { return "", errBroken }
			},
		},
		{
			name: "a fifo for the names", change: kernel(newest), want: Error, err: "/run/reboot-required.pkgs: not a regular file",
			overlay:  "-- run/reboot-required --\n-- run/reboot-required.pkgs fifo --\n",
			findings: []string{"warn /run/reboot-required a package asks for a reboot"},
		},
	})
}
