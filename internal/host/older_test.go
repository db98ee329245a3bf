package host

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// withoutCalls names, for a run of the test program, system calls that an older kernel
// does not have.
const withoutCalls = "IMGCHECK_TEST_WITHOUT"

func calls() map[string]uint32 {
	return map[string]uint32{
		"statx": unix.SYS_STATX, "openat2": unix.SYS_OPENAT2, "renameat2": unix.SYS_RENAMEAT2, "name_to_handle_at": unix.SYS_NAME_TO_HANDLE_AT,
	}
}

// forbidCalls makes the kernel deny for this program, for good, that it knows the calls.
func forbidCalls(t *testing.T, names string) {
	t.Helper()
	const (
		load    = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS // the call's number stands first
		compare = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		answer  = unix.BPF_RET | unix.BPF_K
	)
	filter := []unix.SockFilter{{Code: load}}
	for name := range strings.SplitSeq(names, " ") {
		number, known := calls()[name]
		require.True(t, known, name)
		filter = append(filter, unix.SockFilter{Code: compare, Jf: 1, K: number},
			unix.SockFilter{Code: answer, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)})
	}
	filter = append(filter, unix.SockFilter{Code: answer, K: unix.SECCOMP_RET_ALLOW})
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	require.NoError(t, unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		t.Skipf("no system calls can be forbidden here: %v", errno)
	}
}

// TestOlderKernels runs tests of the door as on the kernels of CentOS 7 (3.10), Debian 10
// (4.19) and Ubuntu 20.04 (5.4), and as in a container without handles.
func TestOlderKernels(t *testing.T) {
	if names := os.Getenv(withoutCalls); names != "" {
		forbidCalls(t, names)
		t.Run("places", TestPlaces)
		t.Run("stop", TestChangesStopAtTheLink)
		t.Run("refused", TestChangesThatAreRefused)
		t.Run("kept", TestKeptFolder)
		t.Run("write", TestWriteFileReplacesAtOnce)
		t.Run("others", TestWriteFileOverOthers)
		t.Run("walk", TestWalk)
		if !strings.Contains(names, "renameat2") { // which is what the race is run by
			t.Run("folders", TestRaceOfFolders)
		}
		if os.Getenv(inNamespace) != "" {
			t.Run("mounts", TestMountsStay)
			t.Run("walkMount", TestWalkMount)
		}
		return
	}
	for _, names := range []string{"statx openat2 renameat2", "openat2", "statx openat2 name_to_handle_at"} {
		t.Run(names, func(t *testing.T) {
			own, err := os.Executable()
			require.NoError(t, err)
			again := exec.Command(own, "-test.run=^TestOlderKernels$", "-test.v")
			again.Env = append(os.Environ(), withoutCalls+"="+names)
			inOwnNamespace(again)
			out, err := again.CombinedOutput()
			if again.ProcessState == nil { // no namespace can be had
				again = exec.Command(own, again.Args[1:]...)
				again.Env = append(os.Environ(), withoutCalls+"="+names)
				out, err = again.CombinedOutput()
			}
			require.NoError(t, err, "%s", out)
			require.Contains(t, string(out), "TestOlderKernels/kept", "%s", out)
		})
	}
}
