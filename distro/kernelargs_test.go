package distro

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func shownArgs(args []KernelArg) []string {
	var shown []string
	for _, a := range args {
		later := ""
		if a.Later {
			later = " later"
		}
		shown = append(shown, fmt.Sprintf("%s:%d %s%s", a.File, a.Line, a.Arg, later))
	}
	return shown
}

func TestKernelArgs(t *testing.T) {
	m := treeMachine(t, `
-- proc/cmdline --
a
-- boot/grub2/grub.cfg --
set kernelopts="root=b ro"
menuentry 'x' {
	linuxefi	/vmlinuz $kernelopts "c"
}
-- boot/efi/EFI/rocky/grub.cfg --
configfile /boot
-- boot/loader/entries/1.conf --
options d $tuned_params
-- boot/grub/menu.lst --
# kernel /vmlinuz no
	kernel /vmlinuz e
-- boot/extlinux/extlinux.conf --
  APPEND f
-- etc/kernel/cmdline --
g
-- etc/default/grub --
GRUB_CMDLINE_LINUX='h  i' # no
GRUB_CMDLINE_LINUX_DEFAULT="no"
GRUB_CMDLINE_LINUX_DEFAULT=$GRUB_CMDLINE_LINUX
-- etc/default/grub.d/1.cfg --
export GRUB_CMDLINE_LINUX="${GRUB_CMDLINE_LINUX} j"
GRUB_CMDLINE_LINUX+=" k"
-- etc/default/grub.d/README --
GRUB_CMDLINE_LINUX=no
`)
	args, err := m.KernelArgs(context.Background())
	require.NoError(t, err)
	assert.Equal(t, strings.Split(`/boot/grub2/grub.cfg:1 root=b
/boot/grub2/grub.cfg:1 ro
/boot/grub2/grub.cfg:3 /vmlinuz
/boot/grub2/grub.cfg:3 $kernelopts
/boot/grub2/grub.cfg:3 c
/boot/loader/entries/1.conf:1 d
/boot/loader/entries/1.conf:1 $tuned_params
/boot/grub/menu.lst:2 /vmlinuz
/boot/grub/menu.lst:2 e
/boot/extlinux/extlinux.conf:1 f
/etc/kernel/cmdline:1 g later
/etc/default/grub:1 h later
/etc/default/grub:1 i later
/etc/default/grub.d/1.cfg:1 j later
/etc/default/grub.d/1.cfg:2 k later
/etc/default/grub:1 h later
/etc/default/grub:1 i later`, "\n"), shownArgs(args))

	m.Live = true
	args, err = m.KernelArgs(context.Background())
	require.NoError(t, err)
	assert.Equal(t, "/proc/cmdline:1 a", shownArgs(args)[0])
}

func TestGrubVariableThatDoubles(t *testing.T) {
	text := "GRUB_CMDLINE_LINUX=a\n" + strings.Repeat("GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX\"\n", 40)
	_, err := treeMachine(t, "-- etc/default/grub --\n"+text+"-- boot/grub/grub.cfg --\nlinux x y\n").KernelArgs(context.Background())
	require.ErrorContains(t, err, "/etc/default/grub line 15 gives the kernel more arguments than are read")
}

func FuzzKernelArgs(f *testing.F) {
	for _, seed := range []string{
		"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX quiet\"\n", "set kernelopts=root=x\nlinux\t/v a\n", "kernelopts=\n", "options \x00 x\n", "policy: \"disabled\" # x\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		values := map[string][]KernelArg{"GRUB_CMDLINE_LINUX": {{Arg: "x", File: "/g", Line: 1}}}
		_ = assignGrub(values, "/f", data)
		all := append(loaderKernelArgs("/f", data), plainKernelArgs("/f", data)...)
		for _, list := range values {
			all = append(all, list...)
		}
		for _, a := range all {
			if strings.ContainsAny(a.Arg, " \n") || a.Line < 1 || a.Line > strings.Count(string(data), "\n")+1 {
				t.Errorf("no argument: %+v", a)
			}
		}
		for name, s := range parseDSIdentify(data) {
			if strings.ContainsAny(name+s.text, "\n#") || s.line < 1 {
				t.Errorf("no setting: %q %+v", name, s)
			}
			policyMode(s.text)
		}
	})
}
