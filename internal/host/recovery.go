package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// The kinds of debts.
const (
	// DebtUnit: What is a unit that was stopped.
	DebtUnit = "unit"
	// DebtJournal: journald was told to leave the disk.
	DebtJournal = "journal"
)

// Debt is something that a run holds up and owes the machine until it is put back.
type Debt struct {
	Kind string `json:"kind"`
	What string `json:"what,omitempty"`
}

// String names the debt for a reader.
func (d Debt) String() string {
	if d.What == "" {
		return d.Kind
	}
	return d.Kind + " " + d.What
}

// Recovery remembers debts where a run that is killed leaves them for the next one:
// in a file below /run, which no image holds and which a boot forgets, as it
// forgets the debts. The zero value remembers nothing beyond its process.
type Recovery struct {
	file  string
	debts []Debt
}

// RecoveryDir is where live runs keep their debts.
const RecoveryDir = "/run/imgcheck"

// ErrNotOurs says that somebody else could have written what a run as root would act on.
var ErrNotOurs = errors.New("is not a folder that only its owner, who runs this, can write to: look at it, then remove it")

// OpenRecovery reads what an earlier run has left in the folder dir.
func OpenRecovery(dir string) (*Recovery, error) {
	r := &Recovery{file: filepath.Join(dir, "recovery.json")}
	err := trusted(dir)
	if err == nil {
		var data []byte
		if data, err = os.ReadFile(r.file); err == nil {
			err = json.Unmarshal(data, &r.debts)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading what an interrupted run left to put back in %s (a reboot does it, and forgets it): %w", r.file, err)
	}
	return r, nil
}

// trusted makes sure that nobody else made the folder, or can write to it.
func trusted(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(stat.Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return ErrNotOurs
	}
	return nil
}

// Recovery reads what an earlier run over the running machine has left to put back. In
// a tree nothing runs that could be held up, and nothing is remembered.
func (h *Host) Recovery() (*Recovery, error) {
	if !h.Live {
		return &Recovery{}, nil
	}
	return OpenRecovery(RecoveryDir)
}

// Debts returns what is owed, the newest first.
func (r *Recovery) Debts() []Debt {
	debts := slices.Clone(r.debts)
	slices.Reverse(debts)
	return debts
}

// Owe notes a debt before the change that makes it one. A debt that is noted already
// keeps its first value.
func (r *Recovery) Owe(d Debt) error {
	if slices.ContainsFunc(r.debts, func(known Debt) bool { return known.Kind == d.Kind && known.What == d.What }) {
		return nil
	}
	r.debts = append(r.debts, d)
	return r.save()
}

// Settle strikes a debt that was put back.
func (r *Recovery) Settle(d Debt) error {
	r.debts = slices.DeleteFunc(r.debts, func(known Debt) bool { return known == d })
	return r.save()
}

// Forget strikes all debts: the machine is about to be switched off as it is.
func (r *Recovery) Forget() error {
	r.debts = nil
	return r.save()
}

// save writes the debts so that a kill at any moment leaves the old or the new ones.
func (r *Recovery) save() error {
	if r.file == "" {
		return nil
	}
	dir := filepath.Dir(r.file)
	if len(r.debts) == 0 {
		return os.RemoveAll(dir) // with what a kill has left half written
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("noting what to put back: %w", err)
	}
	data, err := json.Marshal(r.debts)
	if err != nil {
		return fmt.Errorf("noting what to put back: %w", err)
	}
	f, err := CreateFile(r.file)
	if err != nil {
		return fmt.Errorf("noting what to put back: %w", err)
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(fmt.Errorf("noting what to put back: %w", err), f.Discard())
	}
	return f.Commit()
}

// absent takes the absence of a file for what it is here: good.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
