//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// measure is one line of the table.
type measure struct {
	what         string
	wall         time.Duration
	resident     int // KiB
	target, note string
}

// TestSpeed measures and prints; it asserts nothing, as the machine decides.
func TestSpeed(t *testing.T) {
	if !*speed {
		t.Skip("measurements are taken by make bench")
	}
	layer, err := binary()
	require.NoError(t, err)
	program := filepath.Join(layer, programPath)
	info, err := os.Stat(program)
	require.NoError(t, err)

	rows := []measure{timed(t, 20, "version", "10 ms", program, "version")}
	own := debianTree(t)
	rows = append(rows,
		timed(t, 20, "Debian tree, without the package checks", "50 ms, 32 MiB", program, "check", "--root", own.root, "--skip", "packages/*"),
		timed(t, 10, "Debian tree, everything", "", program, "check", "--root", own.root))
	for _, size := range []struct{ logs, accounts int }{{10_000, 1_000}, {100_000, 10_000}} {
		dir := t.TempDir()
		require.NoError(t, largeTree(dir, size.logs, size.accounts))
		rows = append(rows, timed(t, 3, fmt.Sprintf("%d logs, %d accounts", size.logs, size.accounts), "2 s, 64 MiB (the larger)",
			program, "check", "--root", dir))
	}
	rows = append(rows, cleanSpeed(t, program)...)
	rows = append(rows, beside(t)...)
	rows = append(rows, fillSpeed(t)...)
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "what\twall\tmax resident\ttarget\tnote")
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t%.1f ms\t%s\t%s\t%s\n", row.what, float64(row.wall.Microseconds())/1000, row.memory(), row.target, row.note)
	}
	fmt.Fprintf(table, "binary\t%.2f MB\t\t8 MB\t\n", float64(info.Size())/1e6)
	require.NoError(t, table.Flush())
}

func (m measure) memory() string {
	if m.resident == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f MiB", float64(m.resident)/1024)
}

// timed runs a command some times and keeps the median time and the most memory.
// GNU time starts the program from a small process of its own: what a child of
// this test binary is charged with begins with the size of the test binary.
func timed(t *testing.T, times int, what, target string, argv ...string) measure {
	t.Helper()
	memory := filepath.Join(t.TempDir(), "memory")
	m := measure{what: what, target: target}
	var walls []time.Duration
	for range times {
		start := time.Now()
		err := exec.Command("/usr/bin/time", append([]string{"--quiet", "-o", memory, "-f", "%M"}, argv...)...).Run()
		walls = append(walls, time.Since(start))
		var failure *exec.ExitError
		if err != nil && !errors.As(err, &failure) {
			require.NoError(t, err)
		}
		data, err := os.ReadFile(memory)
		require.NoError(t, err)
		resident, err := strconv.Atoi(strings.TrimSpace(string(data)))
		require.NoError(t, err, "GNU time said %q", data)
		m.resident = max(m.resident, resident)
		m.note = fmt.Sprintf("exit %d", exitOf(failure))
	}
	slices.Sort(walls)
	m.wall = walls[len(walls)/2]
	return m
}

func exitOf(failure *exec.ExitError) int {
	if failure == nil {
		return 0
	}
	return failure.ExitCode()
}

// wholeIndex is how many packages Debian's own index has, about.
const wholeIndex = 60_000

// beside runs the whole live check and what apt alone needs for the same, in turn,
// with an index of a distribution's size: with a small one all times are start-up.
func beside(t *testing.T) []measure {
	t.Helper()
	own := debianTree(t)
	index, err := mainSuite.index(own.root)
	require.NoError(t, err)
	var large strings.Builder
	large.WriteString(index)
	for i := range wholeIndex {
		fmt.Fprintf(&large, "Package: lab-filler-%d\nVersion: 1.%d-1\nArchitecture: all\nMaintainer: Lab <lab@example.org>\n"+
			"Depends: libc6 (>= 2.36), lab-filler-%d\nDescription: %s\nFilename: pool/%d.deb\nSize: 1000\nSHA256: %064x\n\n",
			i, i, i/2, strings.Repeat("a long story ", 30), i, i)
	}
	require.NoError(t, mainSuite.publish(own.root, large.String()))
	var apt, whole []time.Duration
	for range 7 {
		apt = append(apt, inTree(t, own, "/bin/sh", "-c",
			"apt-get update -q >/dev/null 2>&1 && apt-get -s full-upgrade -o Dir::Log::Planner=/dev/null >/dev/null 2>&1"))
		whole = append(whole, inTree(t, own, programPath, "check"))
	}
	slices.Sort(apt)
	slices.Sort(whole)
	middle := len(apt) / 2
	ratio := float64(whole[middle]) / float64(apt[middle])
	return []measure{
		{what: "apt-get update, then one simulation", wall: apt[middle]},
		{what: "live, the whole check", wall: whole[middle], target: "1.10 of apt alone", note: fmt.Sprintf("%.2f of apt alone", ratio)},
	}
}

func inTree(t *testing.T, own *tree, argv ...string) time.Duration {
	t.Helper()
	start := time.Now()
	_, err := enter(own.root, "", argv...)
	took := time.Since(start)
	require.NoError(t, err)
	return took
}

// largeTree writes a tree of a system with many logs and accounts, every account
// with a home and an .ssh folder.
func largeTree(dir string, logs, accounts int) error {
	var passwd, shadow strings.Builder
	passwd.WriteString("root:x:0:0::/root:/bin/sh\n")
	shadow.WriteString("root:*:20000::::::\n")
	var errs []error
	put := func(name, text string) {
		file := filepath.Join(dir, name)
		errs = append(errs, os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600))
	}
	for i := range accounts {
		fmt.Fprintf(&passwd, "u%d:x:%d:100::/home/u%d:/bin/sh\n", i, 1000+i, i)
		fmt.Fprintf(&shadow, "u%d:!:20000::::::\n", i)
		put(fmt.Sprintf("home/u%d/.ssh/known_hosts", i), "")
	}
	for i := range logs {
		put(fmt.Sprintf("var/log/d%d/app%d.log", i/1000, i), strings.Repeat("x", i%60))
	}
	put("etc/passwd", passwd.String())
	put("etc/shadow", shadow.String())
	put("etc/os-release", "ID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n")
	put("var/lib/dpkg/status", "Package: base-files\nStatus: install ok installed\nMaintainer: Lab <lab@example.org>\n"+
		"Architecture: amd64\nVersion: 12.4\nDescription: the base\n\n")
	return errors.Join(errs...)
}
