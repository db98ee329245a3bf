package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v3/disk"
	gohost "github.com/shirou/gopsutil/v3/host"
	"github.com/shirou/gopsutil/v3/net"
	"github.com/shirou/gopsutil/v3/process"
)

// dmiVendor is where the kernel shows the maker of the machine.
const dmiVendor = "/sys/class/dmi/id/sys_vendor"

// Facts answers what only a running machine knows of itself, each question on its
// own, so that a hung disk does not hide the kernel's release. With a tree every
// answer is ErrOffline.
type Facts struct {
	// Kernel is the running kernel's release ("6.8.0-51-generic").
	Kernel func(context.Context) (string, error)
	// Vendor is the maker of the machine by its DMI table ("DigitalOcean"), empty
	// where the machine has no such table.
	Vendor func(context.Context) (string, error)
	// Uptime is the time since boot.
	Uptime func(context.Context) (time.Duration, error)
	// Interfaces are the network interfaces with their addresses in CIDR form.
	Interfaces func(context.Context) (map[string][]string, error)
	// Disks are the mounted local file systems.
	Disks func(context.Context) ([]Disk, error)
	// RootDisk is the disk that carries /, by its name in /dev, and its size in bytes;
	// ErrNoDisk where there is none.
	RootDisk func(context.Context) (string, uint64, error)
	// ProcessName is the name of a running process by its id.
	ProcessName func(context.Context, int) (string, error)
	// Shells are the shells that somebody is typing into, sorted by their ids.
	Shells func(context.Context) ([]Shell, error)
	// OpenFiles are the files that running processes have open, mapped or run, by
	// their paths, each with one of the processes.
	OpenFiles func(context.Context) (map[string]Process, error)
}

// Disk is one mounted file system; sizes are in bytes.
type Disk struct {
	Device, Mount, Type string
	Size, Free          uint64
}

func liveFacts() Facts {
	return Facts{
		Kernel:      gohost.KernelVersionWithContext,
		Vendor:      vendor,
		Uptime:      uptime,
		Interfaces:  interfaces,
		Disks:       disks,
		RootDisk:    rootDisk,
		ProcessName: processName,
		Shells:      shells,
		OpenFiles:   openFiles,
	}
}

func noFacts() Facts {
	return Facts{
		Kernel:      unknown[string],
		Vendor:      unknown[string],
		Uptime:      unknown[time.Duration],
		Interfaces:  unknown[map[string][]string],
		Disks:       unknown[[]Disk],
		RootDisk:    func(context.Context) (string, uint64, error) { return "", 0, ErrOffline },
		ProcessName: func(ctx context.Context, _ int) (string, error) { return unknown[string](ctx) },
		Shells:      unknown[[]Shell],
		OpenFiles:   unknown[map[string]Process],
	}
}

func unknown[T any](context.Context) (none T, err error) { return none, ErrOffline }

func vendor(context.Context) (string, error) {
	name, err := os.ReadFile(dmiVendor)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading the machine's vendor: %w", err)
	}
	return strings.TrimSpace(string(name)), nil
}

func uptime(ctx context.Context) (time.Duration, error) {
	seconds, err := gohost.UptimeWithContext(ctx)
	return time.Duration(min(seconds, 1<<32)) * time.Second, err
}

func interfaces(ctx context.Context) (map[string][]string, error) {
	list, err := net.InterfacesWithContext(ctx)
	found := make(map[string][]string, len(list))
	for _, i := range list {
		found[i.Name] = nil
		for _, a := range i.Addrs {
			found[i.Name] = append(found[i.Name], a.Addr)
		}
	}
	return found, err
}

func disks(ctx context.Context) ([]Disk, error) {
	mounts, err := disk.PartitionsWithContext(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("reading the mounts: %w", err)
	}
	var found []Disk
	for _, m := range mounts {
		usage, err := disk.UsageWithContext(ctx, m.Mountpoint)
		if err != nil {
			return nil, fmt.Errorf("reading the size of %s: %w", m.Mountpoint, err)
		}
		found = append(found, Disk{m.Device, m.Mountpoint, m.Fstype, usage.Total, usage.Free})
	}
	return found, nil
}

func processName(ctx context.Context, pid int) (string, error) {
	p, err := process.NewProcessWithContext(ctx, int32(pid)) //nolint:gosec // the kernel has at most 2^22
	if err != nil {
		return "", fmt.Errorf("looking at process %d: %w", pid, err)
	}
	return p.NameWithContext(ctx)
}
