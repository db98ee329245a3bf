package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "imgcheck"

// arrows is who may import whom within the module. A package may also import
// whatever those it names may.
func arrows() map[string][]string {
	return map[string][]string{
		"":             {"internal/cli"},
		"internal/cli": {"report", "check", "clean", "distro", "internal/config", "internal/host", "internal/manual"},
		"report":       {"check", "clean", "distro"},
		"check":        {"distro", "internal/host"},
		"clean":        {"distro", "internal/host"},
		"distro":       {"internal/host"},
		// It knows no catalogue, only what a file says.
		"internal/config": {"internal/host"},
		"internal/host":   {},
		// How both programs explain themselves.
		"internal/manual": {},
		// The second program knows nothing of the first, so that it runs wherever Packer does.
		"cmd/mp-submit":   {"internal/submit"},
		"internal/submit": {"internal/manual"},
	}
}

// edge are the packages by which a program touches its machine; only internal/host may.
func edge() []string {
	return []string{
		"os/exec", "syscall", "golang.org/x/sys/unix", "github.com/coreos/go-systemd/v22/dbus",
		"github.com/godbus/dbus/v5", "github.com/shirou/gopsutil/v3",
	}
}

func TestArrows(t *testing.T) {
	for _, line := range goList(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(strings.TrimPrefix(fields[0], module), "/")
		allowed, known := arrows()[from]
		if from == "fixtures" || from == "e2e" {
			continue
		}
		if !assert.True(t, known, "package %q has no place in the house", from) {
			continue
		}
		for _, to := range fields[1:] {
			if rest, ours := strings.CutPrefix(to, module+"/"); ours {
				assert.Contains(t, allowed, rest, "%s imports it", from)
			}
			assert.True(t, from == "internal/host" || !touchesMachine(from, to), "%s imports %s", from, to)
		}
	}
}

// touchesMachine reports whether an import is one of the machine's edge. The
// command line needs the numbers of signals, which stand in syscall.
func touchesMachine(from, to string) bool {
	if from == "internal/cli" && to == "syscall" {
		return false
	}
	return slices.ContainsFunc(edge(), func(e string) bool { return to == e || strings.HasPrefix(to, e+"/") })
}

func TestBinaryHoldsNoTestsAndNoHTTP(t *testing.T) {
	deps := goList(t, "-deps", ".")
	for _, forbidden := range []string{
		"testing", "net/http", "crypto/tls", "github.com/digitalocean/godo", module + "/fixtures", module + "/internal/submit",
	} {
		assert.NotContains(t, deps, forbidden)
	}
}

// TestSubmitHoldsNothingOfTheDroplet: what has the token cleans no machine.
func TestSubmitHoldsNothingOfTheDroplet(t *testing.T) {
	deps := goList(t, "-deps", "./cmd/mp-submit")
	assert.Contains(t, deps, "net/http")
	for room := range arrows() {
		if room != "cmd/mp-submit" && room != "internal/submit" && room != "internal/manual" {
			assert.NotContains(t, deps, strings.TrimSuffix(module+"/"+room, "/"))
		}
	}
	for _, forbidden := range append(edge()[2:], "testing", module+"/fixtures") {
		assert.NotContains(t, deps, forbidden)
	}
}

// TestRooms keeps files and folders small enough to be read at once.
func TestRooms(t *testing.T) {
	const longest = 300
	files, err := filepath.Glob("*/*.go")
	require.NoError(t, err)
	more, err := filepath.Glob("*/*/*.go")
	require.NoError(t, err)
	for _, file := range append(files, more...) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		assert.LessOrEqual(t, strings.Count(string(data), "\n"), longest, file)
	}
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
