//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// holder takes a POSIX lock on a file, as apt and dpkg do, and keeps it for some
// seconds in the background.
const holder = `#!/usr/bin/python3
import fcntl, os, sys, time
f = open(sys.argv[1], "w")
fcntl.lockf(f, fcntl.LOCK_EX)
open("/run/held", "w").close()
time.sleep(float(sys.argv[2]))
`

// whileHeld runs a command, which follows the lock and the seconds, while the lock is held.
const whileHeld = `/usr/bin/other-apt "$1" "$2" & holder=$!
	while [ ! -e /run/held ]; do sleep 0.05; done
	shift 2
	"$@"
	code=$?
	kill $holder 2>/dev/null
	exit $code`

// checkHeld runs the program while another process of the tree holds the lock.
func (own *tree) checkHeld(file, seconds string, args ...string) *outcome {
	own.t.Helper()
	own.write("usr/bin/other-apt", holder)
	own.plant("chmod 755 /usr/bin/other-apt")
	argv := append([]string{"/bin/sh", "-c", whileHeld, "held", file, seconds, programPath, "check", "--format", "json"}, args...)
	return own.finish(enterCommand(own.root, "", argv...))
}

func TestHeldLock(t *testing.T) {
	for _, file := range []string{"/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			own := debianTree(t)
			start := time.Now()
			out := own.checkHeld(file, "60", "--timeout", "3s")
			assert.Equal(t, "error", out.statuses()["security-updates"], out.said("security-updates"))
			assert.Regexp(t, `other-apt|python3`, out.said("security-updates"), "the holder is named")
			assert.Regexp(t, `\b[0-9]+\b`, out.said("security-updates"), "its process id is named")
			assert.Equal(t, 3, out.code)
			assert.Less(t, time.Since(start), 20*time.Second)
		})
	}
}

func TestLockThatIsGivenBack(t *testing.T) {
	out := debianTree(t).checkHeld("/var/lib/apt/lists/lock", "2", "--timeout", "60s")
	assert.Equal(t, "pass", out.statuses()["security-updates"], out.said("security-updates"))
	assert.Equal(t, 0, out.code)
}
