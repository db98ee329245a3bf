package distro

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"

	"imgcheck/internal/host"
)

const journald = "systemd-journald.service"

// JournalWriter is how journald is kept from writing below /var/log/journal.
type JournalWriter struct {
	// Runs: journald runs, and writes to files there.
	Runs bool
	// Calls make it close what it has open; none where it cannot be told to.
	Calls []*Call
	// Leaves: after the calls it writes below /run only.
	Leaves bool
}

// JournalWriter finds out what this machine's journald can be told. Since systemd 243
// it can leave the disk; before, it can be told to begin new files and to remove the
// old ones, in two calls: one that does both removes nothing of what it has just
// closed.
func (m *Machine) JournalWriter(ctx context.Context) (JournalWriter, error) {
	state, err := m.Units.State(ctx, journald)
	if err != nil || state.Activity != host.Active {
		return JournalWriter{}, err
	}
	help, err := m.Exec.Run(ctx, host.Command{Name: "journalctl", Args: []string{"--help"}})
	if err != nil {
		return JournalWriter{Runs: true}, fmt.Errorf("asking what journalctl can do: %w", err)
	}
	can := func(option string) bool { return bytes.Contains(help.Stdout, []byte("--"+option)) }
	call := func(option string) *Call { return &Call{Argv: []string{"journalctl", "--" + option}, Vital: true} }
	w := JournalWriter{Runs: true}
	switch {
	case can("relinquish-var"):
		leave := call("relinquish-var")
		leave.Owes = host.DebtJournal
		w.Calls, w.Leaves = []*Call{leave}, true
	case can("rotate") && can("vacuum-time"):
		w.Calls = []*Call{call("rotate"), call("vacuum-time=1s")}
	}
	return w, nil
}

// Has reports whether journald may have the file open, even after the calls: what it
// has closed has an "@" in its name, or a "~" at the end. That it leaves the disk does
// not hold for the journals of namespaces, whose folders have a "." in their names.
func (w JournalWriter) Has(name string) bool {
	base, folder := path.Base(name), path.Base(path.Dir(name))
	return w.Runs && strings.HasSuffix(base, ".journal") && !strings.Contains(base, "@") &&
		(!w.Leaves || strings.Contains(folder, "."))
}
