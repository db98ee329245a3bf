//go:build e2e

package e2e

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bootTime bounds the machine's life; vm.service bounds its work within that.
const bootTime = 360 * time.Second

// vmPackages are what a tree needs beside a droplet's own packages to be booted.
var vmPackages = []string{"linux-image-cloud-amd64", "udev", "ifupdown", "netbase", "firewalld"}

var vmBase = sync.OnceValues(func() (base, error) {
	return cached("vm", slices.Concat(debianPackages, vmPackages), func(dir string) error {
		return inOrder(
			func() error { return script(dir, "debian.sh") },
			func() error { return poolOf(dir, lifePackages...) },
			func() error { return baseSources(dir) },
		)
	})
})

// vmSetup makes a tree boot by itself and stay alone: cloud-init finds its data on
// the disk, no timer takes apt's locks, and vm.service does the work.
const vmSetup = `
mkdir -p /var/lib/cloud/seed/nocloud
printf 'instance-id: build-1\nlocal-hostname: build\n' >/var/lib/cloud/seed/nocloud/meta-data
cat >/var/lib/cloud/seed/nocloud/user-data <<'END'
#cloud-config
ssh_genkeytypes: [ed25519]
cloud_config_modules: []
cloud_final_modules: []
END
systemctl -q mask apt-daily.timer apt-daily-upgrade.timer
systemctl -q disable firewalld
systemctl -q enable ufw vm
`

// vmAnswer is what a state's shell texts left: name of the file to contents.
type vmAnswer map[string]string

// vmTree is a tree that does the states when it is booted.
func vmTree(t testing.TB, states []vmState) *tree {
	t.Helper()
	b, err := vmBase()
	require.NoError(t, err)
	own := copyOf(t, b)
	for name, to := range map[string]string{"vm.sh": "lab/run", "vm.service": "etc/systemd/system/vm.service"} {
		text, err := testdata.ReadFile("testdata/" + name)
		require.NoError(t, err)
		own.write(to, string(text))
	}
	for i, s := range states {
		dir := filepath.Join("lab", s.folder(i))
		own.write(filepath.Join(dir, "plant"), s.plant)
		own.write(filepath.Join(dir, "run"), s.command())
		own.write(filepath.Join(dir, "undo"), s.undo)
	}
	own.plant(vmSetup)
	return own
}

// boot makes the tree a disk, boots it without a network, waits until the machine
// powers itself off, and returns the answers by the states' folders.
func (own *tree) boot() map[string]vmAnswer {
	own.t.Helper()
	dir := own.t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(own.t, command("/", "mke2fs", "-q", "-t", "ext4", "-d", own.root, at("disk"), "2500M"))
	require.NoError(own.t, os.WriteFile(at("answers"), nil, 0o600))
	require.NoError(own.t, os.Truncate(at("answers"), 16<<20))
	console, err := os.Create(at("console"))
	require.NoError(own.t, err)
	defer func() { require.NoError(own.t, console.Close()) }()

	said := func() string {
		text, err := os.ReadFile(at("console"))
		return fmt.Sprintf("%v\nthe console's end: %s", err, tail(string(text)))
	}
	start := time.Now()
	err = own.qemu(console, at("disk"), at("answers"))
	require.NoError(own.t, err, "the machine did not come to its end in %s: %s", bootTime, said())
	own.t.Logf("the machine ran for %s", time.Since(start).Round(time.Second))
	answers, err := readAnswers(at("answers"))
	require.NoError(own.t, err, "the machine wrote no answers: %s", said())
	return answers
}

// qemu runs the machine until it ends, the time is over or this process dies: the
// kernel then kills it, as it does where the thread ends, which is why that is kept.
func (own *tree) qemu(console *os.File, disks ...string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ctx, cancel := context.WithTimeout(own.t.Context(), bootTime)
	defer cancel()
	args := append(own.vmArgs(), "-nic", "none", "-monitor", "none", "-smbios", "type=1,manufacturer=DigitalOcean,product=Droplet")
	for _, disk := range disks {
		args = append(args, "-drive", "if=virtio,format=raw,cache=unsafe,file="+disk)
	}
	c := exec.CommandContext(ctx, "qemu-system-x86_64", args...)
	c.Stdout, c.Stderr = console, console
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return c.Run()
}

// vmArgs are what all machines have in common that boot the tree's own kernel.
func (own *tree) vmArgs() []string {
	own.t.Helper()
	boot := func(pattern string) string {
		found, err := filepath.Glob(filepath.Join(own.root, "boot", pattern))
		require.NoError(own.t, err)
		require.Len(own.t, found, 1, pattern)
		return found[0]
	}
	// That processor knows what Debian needs and nothing that is dear to emulate.
	return []string{
		"-accel", "tcg,thread=multi", "-cpu", "Nehalem,+rdrand", "-smp", "2", "-m", "1024",
		"-display", "none", "-serial", "stdio", "-no-reboot",
		"-kernel", boot("vmlinuz-*"), "-initrd", boot("initrd.img-*"),
		"-append", "root=/dev/vda rw console=ttyS0 quiet panic=-1 mitigations=off",
	}
}

// readAnswers reads the archive that the machine left on its second disk.
func readAnswers(disk string) (map[string]vmAnswer, error) {
	data, err := os.ReadFile(disk)
	if err != nil {
		return nil, err
	}
	answers := map[string]vmAnswer{}
	archive := tar.NewReader(bytes.NewReader(data))
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) && len(answers) == 0 {
			return nil, errors.New("the second disk is empty")
		}
		if errors.Is(err, io.EOF) {
			return answers, nil
		}
		if err != nil {
			return nil, err
		}
		state, name := path.Split(path.Clean(header.Name))
		if header.Typeflag != tar.TypeReg {
			continue
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		state = strings.TrimSuffix(state, "/")
		if answers[state] == nil {
			answers[state] = vmAnswer{}
		}
		answers[state][name] = string(text)
	}
}
