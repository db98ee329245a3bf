package host

import (
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

func TestWriteFileReplacesAtOnce(t *testing.T) {
	r, dir := tree(t)
	file := filepath.Join(dir, "etc/conf")
	put(t, file, "old")
	require.NoError(t, os.Chmod(file, 0o640))
	before, err := os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, before.Close()) }()

	require.NoError(t, r.WriteFile(At("/etc/conf"), []byte("new"), 0o600))
	assert.Equal(t, "new", contents(t, file))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm(), "an existing file keeps its permissions")
	old := make([]byte, 8)
	n, err := before.Read(old)
	require.NoError(t, err)
	assert.Equal(t, "\x00\x00\x00", string(old[:n]), "what it held is overwritten")

	require.NoError(t, r.WriteFile(At("/etc/made"), []byte("made"), 0o604))
	info, err = os.Stat(filepath.Join(dir, "etc/made"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o604), info.Mode().Perm())
	require.NoError(t, r.Chmod(At("/etc/made"), 0o600))

	require.ErrorIs(t, r.WriteFile(At("/no/such/folder"), nil, 0o600), os.ErrNotExist)
	assertNames(t, filepath.Join(dir, "etc"), "conf", "made", "passwd")
}

func assertNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	assert.ElementsMatch(t, want, names)
}

// TestWriteFileAfterAKill: what a killed run left under the name that the next one needs
// is removed, whatever it is, and no link of it is followed.
func TestWriteFileAfterAKill(t *testing.T) {
	r, dir := tree(t)
	victim := filepath.Join(dir, "victim")
	put(t, victim, canary)
	for name, leave := range map[string]func(left string){
		"file":     func(left string) { put(t, left, "half") },
		"link":     func(left string) { link(t, "/victim", left) },
		"hardlink": func(left string) { require.NoError(t, os.Link(victim, left)) },
		"fifo":     func(left string) { require.NoError(t, syscall.Mkfifo(left, 0o600)) },
	} {
		put(t, filepath.Join(dir, "etc/conf"), "old")
		leave(filepath.Join(dir, "etc/.imgcheck-conf"))
		require.NoError(t, r.WriteFile(At("/etc/conf"), []byte("new"), 0o600), name)
		assert.Equal(t, "new", contents(t, filepath.Join(dir, "etc/conf")), name)
		assert.Equal(t, canary, contents(t, victim), name)
		assertNames(t, filepath.Join(dir, "etc"), "conf", "passwd")
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "etc/.imgcheck-conf"), 0o755))
	require.ErrorIs(t, r.WriteFile(At("/etc/conf"), []byte("newer"), 0o600), ErrChanged)
	assert.Equal(t, "new", contents(t, filepath.Join(dir, "etc/conf")))
}

// TestWriteFileKeeps what is said of a file beside its contents.
func TestWriteFileKeeps(t *testing.T) {
	r, dir := tree(t)
	file := filepath.Join(dir, "etc/conf")
	put(t, file, "old")
	require.NoError(t, os.Chmod(file, 0o600|os.ModeSetgid))
	if err := unix.Setxattr(file, "user.note", []byte("kept"), 0); err != nil {
		t.Skipf("no extended attributes here: %v", err)
	}
	if Privileged() {
		require.NoError(t, os.Chown(file, 12, 34))
		require.NoError(t, os.Chmod(file, 0o600|os.ModeSetgid))
		require.NoError(t, unix.Setxattr(file, "security.label", []byte("kept"), 0))
	}
	want, err := os.Stat(file)
	require.NoError(t, err)
	require.NoError(t, r.WriteFile(At("/etc/conf"), []byte("new"), 0o644))
	got, err := os.Stat(file)
	require.NoError(t, err)
	assert.False(t, os.SameFile(want, got))
	assert.Equal(t, want.Mode(), got.Mode())
	wantStat, ok := want.Sys().(*syscall.Stat_t)
	require.True(t, ok)
	gotStat, ok := got.Sys().(*syscall.Stat_t)
	require.True(t, ok)
	assert.Equal(t, []uint32{wantStat.Uid, wantStat.Gid}, []uint32{gotStat.Uid, gotStat.Gid})
	value := make([]byte, 10)
	for name, there := range map[string]bool{"user.note": true, "security.label": Privileged()} {
		n, err := unix.Getxattr(file, name, value)
		if there {
			require.NoError(t, err, name)
			assert.Equal(t, "kept", string(value[:n]), name)
		}
	}
}

// TestWriteFileAccessList: a list that the folder gives to new files does not open a
// file that had none.
func TestWriteFileAccessList(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "etc/conf"), "old")
	require.NoError(t, os.Chmod(filepath.Join(dir, "etc/conf"), 0o640))
	// version 2: the owner rw-, user 12 rw-, the group r--, the mask rw-, others ---
	const list = "\x02\x00\x00\x00" + "\x01\x00\x06\x00\xff\xff\xff\xff" + "\x02\x00\x06\x00\x0c\x00\x00\x00" +
		"\x04\x00\x04\x00\xff\xff\xff\xff" + "\x10\x00\x06\x00\xff\xff\xff\xff" + "\x20\x00\x00\x00\xff\xff\xff\xff"
	if err := unix.Setxattr(filepath.Join(dir, "etc"), "system.posix_acl_default", []byte(list), 0); err != nil {
		t.Skipf("no access lists here: %v", err)
	}
	require.NoError(t, r.WriteFile(At("/etc/conf"), []byte("new"), 0o600))
	_, err := unix.Getxattr(filepath.Join(dir, "etc/conf"), accessList, nil)
	require.ErrorIs(t, err, unix.ENODATA)
	info, err := os.Stat(filepath.Join(dir, "etc/conf"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())

	require.NoError(t, unix.Setxattr(filepath.Join(dir, "etc/conf"), accessList, []byte(list), 0))
	require.NoError(t, r.WriteFile(At("/etc/conf"), []byte("newer"), 0o600))
	value := make([]byte, 100)
	n, err := unix.Getxattr(filepath.Join(dir, "etc/conf"), accessList, value)
	require.NoError(t, err)
	assert.Equal(t, list, string(value[:n]))
}

// TestWriteFileLarge: a file of many writes, and one that is emptied.
func TestWriteFileLarge(t *testing.T) {
	r, dir := tree(t)
	large := strings.Repeat("0123456789", 300_000)
	require.NoError(t, r.WriteFile(At("/etc/large"), []byte(large), 0o600))
	assert.Equal(t, large, contents(t, filepath.Join(dir, "etc/large")))
	require.NoError(t, r.WriteFile(At("/etc/large"), nil, 0o600))
	assert.Empty(t, contents(t, filepath.Join(dir, "etc/large")))
}

// TestWriteFileAsOwner: who is not root writes his own files.
func TestWriteFileAsOwner(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "etc/foreign"), "foreign")
	mine := filepath.Join(dir, "etc/mine")
	put(t, mine, "mine")
	if Privileged() {
		require.NoError(t, os.Chown(mine, 65534, 0))
		require.NoError(t, os.Chmod(filepath.Join(dir, "etc"), 0o755|os.ModeSticky|0o022))
	}
	var own, foreign error
	asNobody(t, dir, func() {
		own = r.WriteFile(At("/etc/mine"), []byte("new"), 0o600)
		foreign = r.WriteFile(At("/etc/foreign"), []byte("new"), 0o600)
	})
	require.NoError(t, own)
	assert.Equal(t, "new", contents(t, mine))
	if Privileged() {
		require.ErrorIs(t, foreign, os.ErrPermission)
		assert.Equal(t, "foreign", contents(t, filepath.Join(dir, "etc/foreign")))
	}
}

// TestWriteFileOverOthers: what came to stand there meanwhile is not replaced.
func TestWriteFileOverOthers(t *testing.T) {
	r, dir := tree(t)
	in, _, err := r.enter(At("/etc/passwd"))
	require.NoError(t, err)
	defer r.keep(in)
	put(t, filepath.Join(dir, "etc/temp"), "new")
	require.ErrorIs(t, in.rename("temp", "passwd", nil), ErrChanged, "none was there")
	old, err := in.open("passwd", unix.O_WRONLY)
	require.NoError(t, err)
	defer shut(old.fd)
	put(t, filepath.Join(dir, "etc/other"), "other")
	require.NoError(t, os.Rename(filepath.Join(dir, "etc/other"), filepath.Join(dir, "etc/passwd")))
	require.ErrorIs(t, in.rename("temp", "passwd", old), ErrChanged, "another was there")
	assert.Equal(t, "other", contents(t, filepath.Join(dir, "etc/passwd")))
	require.NoError(t, os.Remove(filepath.Join(dir, "etc/passwd")))
	require.ErrorIs(t, in.rename("temp", "passwd", old), os.ErrNotExist, "one was there")
	require.NoError(t, in.rename("temp", "passwd", nil))
}

// writerDir tells a run of the test program to write a file in that tree until it is
// killed.
const writerDir = "IMGCHECK_TEST_WRITER"

// TestWriteFileKilled: whenever a run is killed, the file is the old or the new one, and
// what is left beside it is removed by the next run.
func TestWriteFileKilled(t *testing.T) {
	texts := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 50_000)}
	if dir := os.Getenv(writerDir); dir != "" {
		r, err := OpenRoot(dir)
		require.NoError(t, err)
		for i := 0; ; i++ {
			require.NoError(t, r.WriteFile(At("/etc/conf"), []byte(texts[i%2]), 0o600))
		}
	}
	r, dir := tree(t)
	put(t, filepath.Join(dir, "etc/conf"), texts[0])
	own, err := os.Executable()
	require.NoError(t, err)
	left := 0
	for i := range 12 {
		writer := exec.Command(own, "-test.run=^TestWriteFileKilled$")
		writer.Env = append(os.Environ(), writerDir+"="+dir)
		require.NoError(t, writer.Start())
		time.Sleep(time.Duration(60+7*i) * time.Millisecond)
		require.NoError(t, writer.Process.Kill())
		require.Error(t, writer.Wait())
		require.Contains(t, texts, contents(t, filepath.Join(dir, "etc/conf")))
		entries, err := os.ReadDir(filepath.Join(dir, "etc"))
		require.NoError(t, err)
		left += len(entries) - 2
	}
	t.Logf("%d of 12 runs left something behind", left)
	require.NoError(t, r.WriteFile(At("/etc/conf"), []byte("whole"), 0o600))
	assertNames(t, filepath.Join(dir, "etc"), "conf", "passwd")
}
