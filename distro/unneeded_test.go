package distro

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// debianKernels are the running 6.1.0-17, the newest 6.1.0-25, and cloud kernels.
const debianKernels = "-- boot/vmlinuz-6.1.0-9-amd64 --\n-- boot/vmlinuz-6.1.0-17-amd64 --\n-- boot/vmlinuz-6.1.0-25-amd64 --\n" +
	"-- boot/vmlinuz-6.1.0-20-cloud-amd64 --\n-- boot/vmlinuz-6.1.0-21-cloud-amd64 --\n"

func TestUnneededDeb(t *testing.T) {
	t.Parallel()
	const keep = `-o APT::NeverAutoRemove::=6\.1\.0-17-amd64 -o APT::NeverAutoRemove::=6\.1\.0-25-amd64 -o APT::NeverAutoRemove::=6\.1\.0-21-cloud-amd64`
	for name, row := range map[string]struct {
		removed, overlay string
		want             []string
		is               error
	}{
		"nothing":                          {removed: ""},
		"old ones":                         {removed: "Purg lab-old [1]\nPurg linux-image-6.1.0-9-amd64 [1]\n", want: []string{"lab-old", "linux-image-6.1.0-9-amd64"}},
		"the running one":                  {removed: "Purg linux-image-6.1.0-17-amd64 [1]\n", is: ErrKeepsKernel},
		"modules of the newest":            {removed: "Purg linux-modules-extra-6.1.0-25-amd64 [1]\n", is: ErrKeepsKernel},
		"the newest of another flavour":    {removed: "Purg linux-image-6.1.0-21-cloud-amd64 [1]\n", is: ErrKeepsKernel},
		"the image under another name":     {removed: "Purg my-kernel [1]\n", overlay: "-- var/lib/dpkg/info/my-kernel.list --\n/.\n/boot/vmlinuz-6.1.0-17-amd64\n", is: ErrKeepsKernel},
		"the modules under another name":   {removed: "Purg my-drivers [1]\n", overlay: "-- var/lib/dpkg/info/my-drivers:amd64.list --\n/.\n/usr/lib/modules/6.1.0-25-amd64/updates/x.ko\n", is: ErrKeepsKernel},
		"the modules, and foreign":         {removed: "Purg my-drivers:i386 [1]\n", overlay: "-- var/lib/dpkg/info/my-drivers:i386.list --\n/lib/modules/6.1.0-25-amd64/x.ko\n", is: ErrKeepsKernel},
		"modules of an old one, same name": {removed: "Purg my-drivers [1]\n", overlay: "-- var/lib/dpkg/info/my-drivers.list --\n/lib/modules/6.1.0-9-amd64/x.ko\n", want: []string{"my-drivers"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play := &rpmScript{answers: []rpmAnswer{{words: "apt-get -s --purge autoremove", out: removes(row.removed)}}}
			r, err := debian(t, play, debianKernels+row.overlay).Unneeded(t.Context())
			require.Contains(t, play.calls[0], keep)
			if row.is != nil {
				require.ErrorIs(t, err, row.is)
				assert.Nil(t, r)
				return
			}
			require.NoError(t, err)
			if row.want == nil {
				assert.Nil(t, r)
				return
			}
			assert.Equal(t, row.want, r.Packages)
			assert.True(t, strings.HasSuffix(strings.Join(r.Call.Argv, " "), keep+" --purge autoremove"), r.Call)
		})
	}
}

func TestUnneededCannotLook(t *testing.T) {
	t.Parallel()
	m := debian(t, &rpmScript{}, debianKernels)
	m.Facts.Kernel = func(context.Context) (string, error) { return "", errors.New("no answer") }
	_, err := m.Unneeded(t.Context())
	require.EqualError(t, err, "looking for the running kernel: no answer")

	play := &rpmScript{answers: []rpmAnswer{{words: "autoremove", out: says(100, "", "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n")}}}
	_, err = debian(t, play, "").Unneeded(t.Context())
	require.ErrorContains(t, err, "dpkg was interrupted")
}

func TestUnneededRPM(t *testing.T) {
	t.Parallel()
	var installed string
	add := func(version string, names ...string) {
		for _, name := range names {
			installed += rpmLine(name, "(none)", "5.14.0", version, "x86_64", "R")
		}
	}
	files := map[string]string{}
	for _, v := range []string{"1.el9", "2.el9", "3.el9", "4.el9"} {
		add(v, "kernel", "kernel-core", "kernel-modules")
		files["boot/vmlinuz-5.14.0-"+v+".x86_64"] = ""
	}
	add("1.el9", "kernel-headers") // belongs to no kernel
	add("0.el9", "kernel-devel")
	add("4.el9", "kernel-devel", "kernel-debug-core")
	add("2.el9", "kernel-debug-core")
	files["boot/vmlinuz-5.14.0-2.el9.x86_64+debug"] = ""
	want := "kernel-5.14.0-1.el9.x86_64 kernel-core-5.14.0-1.el9.x86_64 kernel-modules-5.14.0-1.el9.x86_64"
	play := &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{
		{words: "rpm -qa", out: says(0, installed, "")}, {words: "rpm -e --test -- " + want},
	}}
	m := rpmMachine(t, true, play, files)
	m.Facts.Kernel = func(context.Context) (string, error) { return "5.14.0-3.el9.x86_64", nil }
	r, err := m.Unneeded(t.Context())
	require.NoError(t, err)
	assert.Equal(t, strings.Fields(want), r.Packages, "the running 3, the newest 4, and 2 for the sake of its debug variant stay")
	assert.Contains(t, r.Call.String(), " remove "+want)

	m = rpmMachine(t, true, &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{bashInstalled}}, nil)
	m.Facts.Kernel = func(context.Context) (string, error) { return "5.14.0-3.el9.x86_64", nil }
	r, err = m.Unneeded(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r)
}
