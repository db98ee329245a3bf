package host

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// errMountsUnknown says that this kernel tells mounts apart by none of the ways known.
var errMountsUnknown = errors.New("cannot tell what is mounted: the kernel does not say, and /proc is not there")

// errUntold says that one way does not tell; the next may.
var errUntold = errors.New("not told")

// mountIn returns the number of the mount that a thing, looked for in the opened folder
// dir, lies on.
func (t *thing) mountIn(dir int) (uint64, error) {
	if t.mountTold {
		return t.mount, nil
	}
	return mountBefore(dir, t.asked)
}

// mountOf returns the number of the mount that what stands at a name in the opened
// folder dir lies on; the empty name is dir itself. Device numbers would not do: they are
// the same on both sides of a bind mount.
func mountOf(dir int, name string) (uint64, error) {
	t, err := look(dir, name)
	if err != nil {
		return 0, err
	}
	return t.mountIn(dir)
}

// mountBefore asks kernels before 5.8, which have no such field in statx.
func mountBefore(dir int, name string) (uint64, error) {
	for _, ask := range []func(int, string) (uint64, error){mountByHandle, mountByDescriptor} {
		if mount, err := ask(dir, name); !errors.Is(err, errUntold) {
			return mount, err
		}
	}
	return 0, errMountsUnknown
}

// mountByHandle asks for a handle of the file, which few file systems do not have; the
// number of its mount comes with it, since kernel 2.6.39.
func mountByHandle(dir int, name string) (uint64, error) {
	flags := 0
	if name == "" {
		flags = unix.AT_EMPTY_PATH
	}
	_, mount, err := unix.NameToHandleAt(dir, name, flags)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if err != nil {
		return 0, errUntold
	}
	return uint64(mount), nil //nolint:gosec // numbers of mounts are not negative
}

// mountByDescriptor reads what /proc tells of an open file, since kernel 3.15.
func mountByDescriptor(dir int, name string) (uint64, error) {
	fd := dir
	if name != "" {
		opened, err := unix.Openat(dir, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err != nil {
			return 0, err
		}
		defer shut(opened)
		fd = opened
	}
	data, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", fd))
	if err != nil {
		return 0, errUntold
	}
	return mountField(data)
}

// mountField reads the field mnt_id of a file of /proc/self/fdinfo.
func mountField(data []byte) (uint64, error) {
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		if value, found := bytes.CutPrefix(lines.Bytes(), []byte("mnt_id:")); found {
			mount, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 64)
			if err != nil {
				return 0, errUntold
			}
			return mount, nil
		}
	}
	return 0, errUntold
}
