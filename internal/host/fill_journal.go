package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// journal is what the journal of an ext4 file system does with the contents of files.
type journal int

const (
	// journalNoContents is as most are: contents do not go through it.
	journalNoContents journal = iota
	// journalContents: all that is written to files goes through it first (data=journal).
	// What is freed before it was written back never is.
	journalContents
	// journalUnwritten is the same on a kernel that cannot be told to write it back.
	journalUnwritten
)

// journal finds out which it is. The options of the mount are not enough: the file
// system may have been made so.
func (k kernelFiles) journal(fileSystem FileSystem) (journal, error) {
	name := k.procFile("fs/ext4/" + fileSystem.below.name + "/options")
	data, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("reading the options of %s: %w", fileSystem.Mount, err)
	}
	if slices.Contains(append(strings.Fields(string(data)), fileSystem.mount.options...), "data=journal") {
		return journalContents, nil
	}
	return journalNoContents, nil
}

// The flags of EXT4_IOC_CHECKPOINT.
const (
	checkpointOnly  = 0
	checkpointZeros = 2
)

// writeBackJournal brings what is in a journal with contents to where it belongs.
func (v *volume) writeBackJournal(flags uint32) error {
	if v.journal != journalContents {
		return nil
	}
	err := ioctl(v.fd(), requestCheckpoint, unsafe.Pointer(&flags)) //nolint:gosec // what the request takes
	if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EOPNOTSUPP) {
		v.journal = journalUnwritten // before Linux 5.14
		return nil
	}
	return err
}

// emptyJournal overwrites a journal with contents.
func (v *volume) emptyJournal() error {
	if err := v.writeBackJournal(checkpointZeros); err != nil {
		return fmt.Errorf("overwriting the journal: %w", err)
	}
	return nil
}
