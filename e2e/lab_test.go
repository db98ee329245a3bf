//go:build e2e

package e2e

import (
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed testdata
var testdata embed.FS

// base is a cached, publishable tree that the tests copy.
type base struct {
	dir  string // the tree
	deb  bool
	keys string // what /mnt shows to planted scripts
}

const (
	suite = "bookworm"
	// labVersion changes when what is cached must be built anew for a reason that
	// no file of testdata shows.
	labVersion = "10"
	// freshTree is how old a tree may be: its package index must prove something.
	freshTree = 6 * 24 * time.Hour
)

var (
	debianPackages = []string{
		"systemd", "systemd-sysv", "dbus", "openssh-server", "cloud-init", "ufw", "rsyslog", "cron",
		"e2fsprogs", "iproute2", "nftables", "ca-certificates",
	}
	elPackages = []string{"dnf", "rpm", "mawk"}

	// notBuilt are the files of testdata that tests lay over a tree.
	notBuilt = []string{"prelude.sh", "vm.sh", "vm.service", "junit.xsd", "cloudinit.sh", "packets.sh"}

	debian = sync.OnceValues(func() (base, error) {
		return cached("debian", debianPackages, func(dir string) error {
			return inOrder(
				func() error { return script(dir, "debian.sh") },
				func() error { return baseSources(dir) },
			)
		})
	})
	rocky = sync.OnceValues(func() (base, error) {
		return cached("rocky", elPackages, func(dir string) error {
			return inOrder(
				func() error { return buildPool(dir) },
				func() error { return script(dir, "el.sh") },
				func() error { return indexRPMs(dir, []advisory{webAdvisory}) },
			)
		})
	})
)

// cacheDir is where the trees stay between runs: outside the work tree, as they
// hold what "git clean" or an editor should not walk through.
func cacheDir() (string, error) {
	dir := os.Getenv("IMGCHECK_E2E_CACHE")
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			user = os.TempDir()
		}
		dir = filepath.Join(user, "imgcheck-e2e")
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// cached returns the tree of that name, built where it is not there yet or where
// what it is made from has changed.
func cached(name string, packages []string, finish func(dir string) error) (base, error) {
	cache, err := cacheDir()
	if err != nil {
		return base{}, err
	}
	keys, err := keyFiles(cache)
	if err != nil {
		return base{}, err
	}
	sources, err := machineSources()
	if err != nil {
		return base{}, err
	}
	recipe, err := recipeOf(slices.Concat(packages, sources, []string{labVersion}))
	if err != nil {
		return base{}, err
	}
	b := base{dir: filepath.Join(cache, name+"-"+recipe), deb: name != "rocky", keys: keys}
	info, err := os.Lstat(b.dir)
	switch {
	case err == nil && time.Since(info.ModTime()) < freshTree:
		return b, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return base{}, err
	}
	older, err := filepath.Glob(filepath.Join(cache, name+"-*"))
	for _, dir := range older {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if err != nil {
		return base{}, err
	}
	return b, build(b.dir, packages, sources, finish)
}

// build makes a tree beside its place and moves it there when it is whole.
func build(dir string, packages, sources []string, finish func(dir string) error) error {
	unfinished := dir + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	args := append([]string{
		"--variant=apt", "--include=" + strings.Join(packages, ","), suite, unfinished,
	}, sources...)
	if err := command("/", "mmdebstrap", args...); err != nil {
		return err
	}
	if err := finish(unfinished); err != nil {
		return err
	}
	return os.Rename(unfinished, dir)
}

// machineSources returns the machine's own apt sources of the suite, its updates
// and its security updates, as one-line entries.
func machineSources() ([]string, error) {
	out, err := output("/", "apt-get", "indextargets", "--format",
		"$(ORIGIN)|$(CODENAME)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
	if err != nil {
		return nil, err
	}
	var sources []string
	for line := range strings.Lines(out) {
		fields := strings.SplitN(strings.TrimSpace(line), "|", 3)
		ours := len(fields) == 3 && fields[0] == "Debian" && strings.HasSuffix(fields[2], " main")
		if ours && slices.Contains([]string{suite, suite + "-updates", suite + "-security"}, fields[1]) {
			sources = append(sources, fields[2])
		}
	}
	if len(sources) < 3 {
		return nil, fmt.Errorf("the machine's apt has no index of %s, its updates and its security suite: run apt-get update", suite)
	}
	slices.Sort(sources)
	return slices.Compact(sources), nil
}

// recipeOf hashes what a tree is made from.
func recipeOf(parts []string) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(testdata, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || slices.Contains(notBuilt, entry.Name()) {
			return err
		}
		data, err := testdata.ReadFile(name)
		parts = append(parts, name, string(data))
		return err
	})
	for _, part := range parts {
		fmt.Fprintf(sum, "%d %s\n", len(part), part)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6]), err
}

// script runs a file of testdata inside the tree.
func script(dir, name string) error {
	text, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		return err
	}
	_, err = enter(dir, "", "/bin/sh", "-c", string(text))
	return err
}

// inOrder takes the steps one after the other and stops at the first that fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
