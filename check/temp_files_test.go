package check

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

func TestTempFiles(t *testing.T) {
	const report = "{\n  \"schema\": \"imgcheck.report/v1\",\n  \"tool\": {{bytes 300}}\n"
	const private = "-- tmp/systemd-private-0-x.service-1/tmp/x --\nx\n-- tmp/.X11-unix/X0 socket --\n"
	live := func(_ *testing.T, m *distro.Machine) { m.Live = true }
	testCheck(t, tempFiles(), []row{
		{name: "none", want: Pass},
		{name: "folders and sockets", overlay: "-- tmp/a/b dir --\n-- var/tmp/s socket --\n", want: Pass},
		{name: "what services have", overlay: private, change: live, want: Pass},
		{
			name: "what services had, in a tree", overlay: private, want: Warn,
			findings: []string{"warn /tmp/systemd-private-0-x.service-1/tmp/x 2 bytes"},
		},
		{
			name: "files", want: Warn, change: live,
			overlay: "-- tmp/script_4711.sh --\n{{bytes 90}}\n-- tmp/.hidden/deep/file no-newline --\n-- var/tmp/link link=/etc/passwd --\n-- var/tmp/a/systemd-private-x --\nx\n",
			findings: []string{
				"warn /tmp/.hidden/deep/file 0 bytes", "warn /tmp/script_4711.sh 91 bytes",
				"warn /var/tmp/a/systemd-private-x 2 bytes", "warn /var/tmp/link no regular file",
			},
		},
		{
			name: "what apt makes while its index is refreshed", overlay: "-- tmp/apt.conf.xjGJYa --\nx\n-- tmp/apt-key-gpghome.1/key --\nx\n", change: live, want: Pass,
			findings: []string{"note /tmp/apt-key-gpghome.1/key apt's own, which comes and goes", "note /tmp/apt.conf.xjGJYa apt's own, which comes and goes"},
		},
		{name: "what apt had, in a tree", overlay: "-- tmp/apt.conf.xjGJYa --\nx\n", want: Warn, findings: []string{"warn /tmp/apt.conf.xjGJYa 2 bytes"}},
		{
			name: "our own report", overlay: "-- tmp/r.json --\n" + report, want: Pass,
			findings: []string{"note /tmp/r.json a report of this program"},
		},
		{name: "no folder but a file", overlay: "-- tmp --\nx\n", want: Error, err: "looking for temporary files"},
	})
}

// TestManyTempFiles: of very many, those behind the first are not opened any more, and
// count as files all the same.
func TestManyTempFiles(t *testing.T) {
	const report = "{\n  \"schema\": \"imgcheck.report/v1\",\n  \"tool\": {{bytes 300}}\n"
	var overlay strings.Builder
	fmt.Fprintf(&overlay, "-- tmp/a.json --\n%s", report)
	for i := range mayBeReports {
		fmt.Fprintf(&overlay, "-- tmp/b%04d --\nx\n", i)
	}
	fmt.Fprintf(&overlay, "-- tmp/c.json --\n%s", report)
	tree := fixtures.Copy(t, "debian-12")
	fixtures.Lay(t, tree, overlay.String())
	h, err := host.OpenTree(tree)
	require.NoError(t, err)
	defer func() { require.NoError(t, h.Close()) }()
	findings, err := judgeTempFiles(context.Background(), distro.Detect(h, distro.Settings{}))
	require.NoError(t, err)
	levels := map[string]Level{}
	for _, f := range findings {
		levels[f.Path] = f.Level
	}
	assert.Equal(t, LevelNote, levels["/tmp/a.json"])
	assert.Equal(t, LevelWarn, levels["/tmp/c.json"])
	assert.Len(t, levels, mayBeReports+2)
}
