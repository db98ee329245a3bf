package check

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"imgcheck/distro"
)

// writes lays a file of these bytes, which no overlay can hold, into the tree.
func writes(name string, data []byte) func(*testing.T, *distro.Machine) {
	return func(t *testing.T, m *distro.Machine) {
		t.Helper()
		file := filepath.Join(m.Root.Dir(), name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, data, 0o600))
	}
}

// journalFile is the beginning of a journal with that many entries.
func journalFile(entries uint64) []byte {
	file := make([]byte, 4096)
	copy(file, "LPKSHHRH")
	binary.LittleEndian.PutUint64(file[152:], entries)
	return file
}

func TestJournal(t *testing.T) {
	const file = "var/log/journal/6c3f9a1e0b7d4f52a8c1d2e3f4051627/system.journal"
	testCheck(t, journal(), []row{
		{name: "none", want: Pass},
		{name: "an empty file, a folder, a link", overlay: "-- " + file + " no-newline --\n-- var/log/journal/x dir --\n-- var/log/journal/y link=/etc/passwd --\n", want: Pass},
		{name: "just begun", change: writes(file, journalFile(0)), want: Pass},
		{
			name: "one entry", change: writes(file, journalFile(1)), want: Warn,
			findings: []string{"warn /" + file + " 4.0 KiB with 1 entry"},
		},
		{
			name: "more entries than can be counted", change: both(writes(file+"~", journalFile(1<<63)), writes(file, journalFile(300))), want: Warn,
			findings: []string{"warn /" + file + " 4.0 KiB with 300 entries", "warn /" + file + "~ 4.0 KiB with 2147483647 entries"},
		},
		{
			name: "no journal, and a cut one", want: Warn,
			overlay: "-- var/log/journal/note --\nx\n", change: writes(file, journalFile(0)[:159]),
			findings: []string{"warn /" + file + " 159 bytes, not a whole journal file", "warn /var/log/journal/note 2 bytes, not a whole journal file"},
		},
		{name: "no folder but a file", overlay: "-- var/log/journal --\nx\n", want: Error, err: "looking at the journal"},
	})
}
