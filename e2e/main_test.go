//go:build e2e

package e2e

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// speed turns the measurements on; they are a table to read, not a test.
var speed = flag.Bool("speed", false, "measure time, memory and size")

func TestMain(m *testing.M) {
	if dir := os.Getenv(fillEnv); dir != "" {
		os.Exit(fillHere(dir))
	}
	flag.Parse()
	os.Exit(withRoot(m))
}

func withRoot(m *testing.M) int {
	if os.Getuid() != 0 {
		fmt.Fprintln(os.Stderr, "e2e: these tests mount and chroot: run them as root")
		return 1
	}
	lock, err := lockCache()
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	code := m.Run()
	if err := errors.Join(stopSigning(), lock.Close()); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	return code
}

// lockCache lets one run at a time use the cached trees: another may want to build
// them anew.
func lockCache() (*os.File, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(cache, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		return lock, nil
	}
	fmt.Fprintln(os.Stderr, "e2e: waiting for another run to end")
	return lock, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
}

// binary builds the program once, as it is released, as a layer that is laid over
// every tree: its only file is /usr/local/bin/imgcheck.
var binary = sync.OnceValues(func() (layer string, err error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return "", err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	layer = filepath.Join(cache, "binary")
	file := filepath.Join(layer, programPath)
	if err := command(root, "make", "--no-print-directory", "build", "BIN="+file); err != nil {
		return "", err
	}
	return layer, nil
})

const programPath = "/usr/local/bin/imgcheck"

// command runs a program in a folder; its error says what the program said.
func command(dir, name string, args ...string) error {
	_, err := output(dir, name, args...)
	return err
}

func output(dir, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive", "TZ=UTC")
	var failure *exec.ExitError
	out, err := c.Output()
	if errors.As(err, &failure) {
		err = fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, tail(string(failure.Stderr)+string(out)))
	}
	return string(out), err
}

func tail(text string) string {
	const most = 2000
	return text[max(0, len(text)-most):]
}
