package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// inNamespace says in a run of the test program that it may mount.
const inNamespace = "IMGCHECK_TEST_NAMESPACE"

// mayMount runs the test that calls it once more, in a namespace in which it may mount
// and whose mounts end with it, and reports whether this is that run.
func mayMount(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inNamespace) != "" {
		require.NoError(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
		return true
	}
	own, err := os.Executable()
	require.NoError(t, err)
	again := exec.Command(own, "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = os.Environ()
	inOwnNamespace(again)
	out, err := again.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Skipf("no namespace to mount in: %v", err)
	}
	require.NoError(t, err, "%s", out)
	return false
}

// inOwnNamespace lets a program mount, unseen by others.
func inOwnNamespace(c *exec.Cmd) {
	c.Env = append(c.Env, inNamespace+"=1")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if !Privileged() {
		c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
}

func mountOn(t *testing.T, what, where, kind string, flags uintptr, options string) {
	t.Helper()
	require.NoError(t, unix.Mount(what, where, kind, flags, options), where)
	if flags&unix.MS_REMOUNT == 0 {
		t.Cleanup(func() { require.NoError(t, unix.Unmount(where, unix.MNT_DETACH)) })
	}
}

// TestMountIsNotCrossed: /proc is another file system on every Linux machine.
func TestMountIsNotCrossed(t *testing.T) {
	r, err := OpenRoot("/")
	require.NoError(t, err)
	defer func() { require.NoError(t, r.close()) }()
	if Privileged() { // others may not remove it in any case
		assert.ErrorIs(t, r.Remove(At("/proc")), ErrMount)
		assert.ErrorIs(t, r.RemoveFolder(At("/proc")), ErrMount)
	}
	assert.ErrorIs(t, r.Truncate(Place{Top: "/", Path: "/proc/version"}), ErrMount)
}

// mountedTree has mounts of each kind below /home/user, and its canary behind each.
func mountedTree(t *testing.T) (*Root, string) {
	t.Helper()
	r, dir := tree(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("secret/file"), canary)
	put(t, at("home/user/own/file"), "mine")
	put(t, at("home/user/same/file"), canary)
	put(t, at("home/user/boundfile"), "covered")
	for _, folder := range []string{"home/user/bound", "home/user/other", "mnt"} {
		require.NoError(t, os.MkdirAll(at(folder), 0o755))
	}
	mountOn(t, at("secret"), at("home/user/bound"), "", unix.MS_BIND, "")
	mountOn(t, at("secret/file"), at("home/user/boundfile"), "", unix.MS_BIND, "")
	mountOn(t, at("home/user/same"), at("home/user/same"), "", unix.MS_BIND, "")
	mountOn(t, "none", at("home/user/other"), "tmpfs", 0, "")
	put(t, at("home/user/other/file"), canary)
	mountOn(t, at("home/user"), at("mnt"), "", unix.MS_BIND|unix.MS_REC, "")
	return r, dir
}

func TestMountsStay(t *testing.T) {
	if !mayMount(t) {
		return
	}
	r, dir := mountedTree(t)
	for _, top := range []string{"/home/user", "/home", "/", "/mnt"} {
		under := "/home/user/"
		if top == "/mnt" {
			under = "/mnt/"
		}
		for _, name := range []string{"boundfile", "bound/file", "same/file", "other/file", "bound", "same", "other"} {
			at := Place{Top: top, Path: under + name}
			for change, err := range changes(r, at) {
				isFolder := !strings.Contains(name, "file")
				if isFolder && change != "remove" && change != "folder" {
					require.ErrorIs(t, err, ErrNotRegular, "%s %v", change, at)
					continue
				}
				require.ErrorIs(t, err, ErrMount, "%s %v", change, at)
			}
		}
		at := Place{Top: top, Path: under + "own/file"}
		require.NoError(t, r.Overwrite(context.Background(), at), "%v", at)
	}
	require.ErrorIs(t, r.Truncate(Place{Top: "/", Path: "/mnt/own/file"}), ErrMount)
	for _, file := range []string{"secret/file", "home/user/boundfile", "home/user/same/file", "home/user/other/file"} {
		assert.Equal(t, canary, contents(t, filepath.Join(dir, file)), file)
	}

	// A top may be a mount point, whichever way it is a mount.
	for _, top := range []string{"/home/user/bound", "/home/user/other"} {
		require.NoError(t, r.Remove(At(top+"/file")), top)
	}
	require.NoError(t, r.Truncate(At("/home/user/same/file")))

	// What is mounted after a change is seen by the next.
	put(t, filepath.Join(dir, "home/user/own/next"), "mine")
	require.NoError(t, r.Truncate(Place{Top: "/home/user", Path: "/home/user/own/file"}))
	mountOn(t, filepath.Join(dir, "home/user/own"), filepath.Join(dir, "home/user/own"), "", unix.MS_BIND, "")
	require.ErrorIs(t, r.Remove(Place{Top: "/home/user", Path: "/home/user/own/next"}), ErrMount)
}

// changes tries each change at one place.
func changes(r *Root, at Place) map[string]error {
	ctx := context.Background()
	return map[string]error{
		"overwrite":    r.Overwrite(ctx, at),
		"overwriteAll": r.OverwriteAll(ctx, []Place{at})[0],
		"truncate":     r.Truncate(at),
		"chmod":        r.Chmod(at, 0o777),
		"write":        r.WriteFile(at, []byte("new"), 0o600),
		"remove":       r.Remove(at),
		"folder":       r.RemoveFolder(at),
	}
}

func TestWalkMount(t *testing.T) {
	if !mayMount(t) {
		return
	}
	r, dir := mountedTree(t)
	walked := map[string]bool{}
	visit := func(e Entry) error { walked[e.Path] = e.Mount; return nil }
	require.NoError(t, r.WalkMount(context.Background(), "/home", visit))
	assert.Equal(t, map[string]bool{
		"/home/user": false, "/home/user/own": false, "/home/user/own/file": false,
		"/home/user/bound": true, "/home/user/boundfile": true, "/home/user/same": true, "/home/user/other": true,
	}, walked)

	clear(walked)
	require.NoError(t, r.WalkMount(context.Background(), "/home/user/bound", visit))
	assert.Equal(t, map[string]bool{"/home/user/bound/file": false}, walked)

	names, err := walkedNames(r)
	require.NoError(t, err)
	assert.Contains(t, names, "/home/user/bound/file", "a walk that changes nothing goes everywhere")

	_, err = lookAt(r, Place{Top: "/home", Path: "/home/user/bound/file"})
	require.ErrorIs(t, err, ErrMount)
	e, err := lookAt(r, Place{Top: "/home", Path: "/home/user/boundfile"})
	require.NoError(t, err)
	assert.True(t, e.Mount)

	// A name with what the kernel's tables write as escapes.
	odd := "home/user/a b\tc\nd\\040"
	require.NoError(t, os.Mkdir(filepath.Join(dir, odd), 0o755))
	mountOn(t, "none", filepath.Join(dir, odd), "tmpfs", 0, "")
	clear(walked)
	require.NoError(t, r.WalkMount(context.Background(), "/home", visit))
	assert.True(t, walked["/"+odd])
}

func walkedNames(r *Root) (names []string, err error) {
	err = r.Walk(context.Background(), "/home", func(e Entry) error { names = append(names, e.Path); return nil })
	return names, err
}

// TestMountNumbers: older kernels tell the same in other ways.
func TestMountNumbers(t *testing.T) {
	if !mayMount(t) {
		return
	}
	r, _ := mountedTree(t)
	numbers := map[uint64]bool{}
	for _, name := range []string{"", "etc", "etc/passwd", "home/user/bound", "home/user/boundfile", "home/user/same", "home/user/other"} {
		byStatx, err := look(r.top, name)
		require.NoError(t, err, name)
		require.True(t, byStatx.mountTold, "this kernel does not tell by statx")
		byHandle, err := mountByHandle(r.top, name)
		require.NoError(t, err, name)
		byDescriptor, err := mountByDescriptor(r.top, name)
		require.NoError(t, err, name)
		assert.Equal(t, byStatx.mount, byHandle, name)
		assert.Equal(t, byStatx.mount, byDescriptor, name)
		numbers[byStatx.mount] = true
	}
	assert.Len(t, numbers, 5)
	for _, ask := range []func(int, string) (uint64, error){mountOf, mountBefore, mountByHandle, mountByDescriptor} {
		_, err := ask(r.top, "absent")
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
}

// TestWithoutProc: what /proc is asked for can be found out without, if more slowly.
func TestWithoutProc(t *testing.T) {
	if !mayMount(t) {
		return
	}
	r, dir := tree(t)
	mountOn(t, "none", "/proc", "tmpfs", 0, "")
	_, err := mountByDescriptor(r.top, "etc")
	require.ErrorIs(t, err, errUntold)
	require.NoError(t, r.Overwrite(context.Background(), At("/etc/passwd")))
	require.NoError(t, r.Truncate(At("/etc/passwd")))

	// A file that has just had its last change may just have lost a name.
	begin := time.Now()
	put(t, filepath.Join(dir, "tmp/young"), "x")
	require.NoError(t, os.Chmod(filepath.Join(dir, "tmp"), 0o1777))
	require.NoError(t, r.Truncate(At("/tmp/young")))
	assert.GreaterOrEqual(t, time.Since(begin), ripeness)
}

// TestDisksThatAreFullOrReadOnly: the old contents stay, and nothing else.
func TestDisksThatAreFullOrReadOnly(t *testing.T) {
	if !mayMount(t) {
		return
	}
	r, dir := tree(t)
	disk := filepath.Join(dir, "disk")
	require.NoError(t, os.Mkdir(disk, 0o755))
	mountOn(t, "none", disk, "tmpfs", 0, "size=256k")
	put(t, filepath.Join(disk, "conf"), "old")
	require.ErrorIs(t, r.WriteFile(At("/disk/conf"), make([]byte, 1<<20), 0o600), unix.ENOSPC)
	require.ErrorIs(t, r.WriteFile(At("/disk/new"), make([]byte, 1<<20), 0o600), unix.ENOSPC)
	assert.Equal(t, "old", contents(t, filepath.Join(disk, "conf")))
	assertNames(t, disk, "conf")

	mountOn(t, "none", disk, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, "")
	for change, err := range changes(r, At("/disk/conf")) {
		if change == "folder" {
			continue
		}
		require.ErrorIs(t, err, unix.EROFS, change)
	}
	assert.Equal(t, "old", contents(t, filepath.Join(disk, "conf")))
	assertNames(t, disk, "conf")
}
