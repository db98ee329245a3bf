package host

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// liken gives a new file the owner, permissions and extended attributes of the one it
// is to replace, or the permissions where there is none.
func liken(fd int, old *file, perm fs.FileMode) error {
	if old == nil {
		return unix.Fchmod(fd, uint32(perm.Perm())) // the umask may have taken some away
	}
	now, err := look(fd, "")
	if err != nil {
		return err
	}
	if now.stat.Uid != old.stat.Uid || now.stat.Gid != old.stat.Gid {
		if err := unix.Fchown(fd, int(old.stat.Uid), int(old.stat.Gid)); err != nil {
			return fmt.Errorf("keeping the owner: %w", err)
		}
	}
	if err := unix.Fchmod(fd, old.stat.Mode&0o7777); err != nil {
		return fmt.Errorf("keeping the permissions: %w", err)
	}
	return likenAttributes(fd, old.fd)
}

// accessList is the attribute that a new file may get from its folder.
const accessList = "system.posix_acl_access"

// likenAttributes copies the extended attributes, among them the SELinux label, access
// lists and capabilities.
func likenAttributes(to, from int) error {
	names, err := attributes(from)
	if err != nil {
		return err
	}
	for _, name := range names {
		value, err := attribute(from, name)
		if err != nil {
			return fmt.Errorf("keeping the attribute %s: %w", name, err)
		}
		// One that the kernel has given by itself may be one that we must not give.
		if has, err := attribute(to, name); err == nil && bytes.Equal(has, value) {
			continue
		}
		if err := unix.Fsetxattr(to, name, value, 0); err != nil {
			return fmt.Errorf("keeping the attribute %s: %w", name, err)
		}
	}
	if slices.Contains(names, accessList) {
		return nil
	}
	err = unix.Fremovexattr(to, accessList)
	if errors.Is(err, unix.ENODATA) || errors.Is(err, unix.EOPNOTSUPP) {
		return nil
	}
	return err
}

// attributes returns the names of a file's extended attributes, without those that
// are a signature of its contents.
func attributes(fd int) ([]string, error) {
	list, err := sized(func(buf []byte) (int, error) { return unix.Flistxattr(fd, buf) })
	if errors.Is(err, unix.EOPNOTSUPP) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the attributes: %w", err)
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		if name != "" && name != "security.ima" && name != "security.evm" {
			names = append(names, name)
		}
	}
	return names, nil
}

func attribute(fd int, name string) ([]byte, error) {
	return sized(func(buf []byte) (int, error) { return unix.Fgetxattr(fd, name, buf) })
}

// sized asks how many bytes an answer has, and then for the answer.
func sized(ask func([]byte) (int, error)) ([]byte, error) {
	n, err := ask(nil)
	if err != nil || n == 0 {
		return nil, err
	}
	buf := make([]byte, n)
	n, err = ask(buf)
	return buf[:max(n, 0)], err
}
